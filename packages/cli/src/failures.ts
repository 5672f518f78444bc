import type { QueryError } from '@timeskein/query'
import type { ApiError, ConnectionError, LineLimitError } from '@timeskein/sdk'
import type { DomainError } from '@timeskein/server'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'
import { showControlCodes } from './output/terminal-text.ts'

const EXIT_OF_KIND: Readonly<Record<string, number>> = {
  invalid: EXIT.badInput,
  unauthenticated: EXIT.noPermission,
  forbidden: EXIT.noPermission,
  'not-found': EXIT.notFound,
  conflict: EXIT.badInput,
  'too-large': EXIT.badInput,
  'too-many': EXIT.unavailable,
  unavailable: EXIT.unavailable,
}

const EXIT_OF_CODE: Readonly<Record<string, number>> = {
  'data-directory-locked': EXIT.unavailable,
  'data-directory-unusable': EXIT.cannotWrite,
  'schema-too-new': EXIT.failed,
  'unknown-timelines': EXIT.notFound,
  'bad-interval': EXIT.usage,
  'blocked-port': EXIT.usage,
  'bad-trusted-proxies': EXIT.usage,
  'input-not-found': EXIT.notFound,
  'input-not-readable': EXIT.notFound,
}

const EXIT_OF_STATUS: Readonly<Record<number, number>> = {
  400: EXIT.badInput,
  401: EXIT.noPermission,
  403: EXIT.noPermission,
  404: EXIT.notFound,
  409: EXIT.badInput,
  413: EXIT.badInput,
  429: EXIT.unavailable,
  503: EXIT.unavailable,
}

/** The system's codes for output that cannot be written. */
const CANNOT_WRITE: ReadonlySet<unknown> = new Set(['ENOSPC', 'EROFS', 'EDQUOT'])

/** What `error_code` says of an import that stopped over something else than its input, beside the system's codes. */
const EXIT_OF_STOP: Readonly<Record<string, number>> = {
  failed: EXIT.failed,
  unavailable: EXIT.unavailable,
  'not-found': EXIT.notFound,
  'no-permission': EXIT.noPermission,
  interrupted: EXIT.interrupted,
}

/**
 * How a command ends whose import was not taken whole.
 *
 * @param errorCode - Where the import failed over something else than its input: the system's code, or one of `nameStop`.
 */
export function exitCodeOfImport(errorCode: string | undefined): number {
  if (CANNOT_WRITE.has(errorCode)) return EXIT.cannotWrite
  return (errorCode === undefined ? undefined : EXIT_OF_STOP[errorCode]) ?? EXIT.badInput
}

/** The code of what stopped an import, for `exitCodeOfImport`; undefined when its input did. */
export function nameStop(failure: CliError): string | undefined {
  return Object.keys(EXIT_OF_STOP).find((name) => EXIT_OF_STOP[name] === failure.exitCode)
}

/** What a failure means to the user; undefined when it is a fault of ours. */
export function toCliError(error: unknown): CliError | undefined {
  if (error instanceof CliError) return error
  return toRefusal(error) ?? toSystemFailure(error)
}

// By name: the guards of those packages would bring whole packages into every command that fails.
function toRefusal(error: unknown): CliError | undefined {
  if (!(error instanceof Error)) return undefined
  switch (error.name) {
    case 'QueryError': {
      const { message, query, column } = error as QueryError
      return new CliError(message + pointAt(query, column), EXIT.badInput, { cause: error })
    }
    case 'DomainError': {
      const { message, kind, code } = error as DomainError
      const exitCode = EXIT_OF_CODE[code] ?? EXIT_OF_KIND[kind] ?? EXIT.failed
      return new CliError(message, exitCode, { cause: error })
    }
    case 'ApiError': {
      const { message, status, code, query, column } = error as ApiError
      const exitCode = EXIT_OF_CODE[code] ?? EXIT_OF_STATUS[status] ?? EXIT.failed
      return new CliError(message + pointAt(query, column), exitCode, { cause: error })
    }
    case 'ConfigError':
      return new CliError(error.message, EXIT.config, { cause: error })
    case 'SignInError':
      return new CliError(error.message, EXIT.noPermission, { cause: error })
    // The name that the platform gives to the end of a time limit.
    case 'TimeoutError':
    case 'TimeLimitError':
      return new CliError(error.message, EXIT.unavailable, { cause: error })
    case 'AnswerError':
      return new CliError(error.message, EXIT.failed, { cause: error })
    case 'FileError': {
      const exitCode = toSystemFailure(error.cause)?.exitCode ?? EXIT.badInput
      return new CliError(error.message, exitCode, { cause: error })
    }
    case 'ImportError':
      return new CliError(error.message, toRefusal(error.cause)?.exitCode ?? EXIT.failed, { cause: error })
    case 'ConnectionError':
      return new CliError((error as ConnectionError).message, EXIT.unavailable, { cause: error })
    case 'StoreError': {
      const { message, code } = error as Error & { readonly code: string }
      const exitCode = code === 'in-use' || code === 'gave-up' ? EXIT.unavailable : EXIT.failed
      return new CliError(`${message}. "skein doctor" says what can be done`, exitCode, { cause: error })
    }
    case 'LineLimitError':
      return new CliError((error as LineLimitError).message, EXIT.failed, { cause: error })
    default:
      return undefined
  }
}

// A caret under the place where a query cannot be read. Lines and control codes would move it: they are shown.
function pointAt(query: string | undefined, column: number | undefined): string {
  if (query === undefined || !column) return ''
  const before = showControlCodes(query.slice(0, column - 1))
  return `\n  ${showControlCodes(query)}\n  ${' '.repeat(before.length)}^`
}

function toSystemFailure(error: unknown): CliError | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (error instanceof Error && (code === 'ENOENT' || code === 'EISDIR'))
    return new CliError(describeMissing(error), EXIT.notFound, { cause: error })
  if (error instanceof Error && (code === 'EACCES' || code === 'EPERM'))
    return new CliError(error.message, EXIT.noPermission, { cause: error })
  if (error instanceof Error && CANNOT_WRITE.has(code))
    return new CliError(`${error.message}; nothing acknowledged is lost`, EXIT.cannotWrite, { cause: error })
  if (error instanceof Error && code === 'EADDRINUSE')
    return new CliError(`${error.message}; choose another with --port`, EXIT.unavailable, { cause: error })
  if (error instanceof Error && (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL'))
    return new CliError(`${error.message}; --host takes an address of this machine`, EXIT.usage, {
      cause: error,
    })
  if (error instanceof Error && (code === 'ENOTDIR' || code === 'EEXIST'))
    return new CliError(`${error.message}: expected a folder, found a file`, EXIT.cannotWrite, {
      cause: error,
    })
  return undefined
}

// Node's words name a system call: "ENOENT: no such file or directory, stat 'a.csv'".
function describeMissing(error: NodeJS.ErrnoException): string {
  const problem = error.code === 'EISDIR' ? 'expected a file, found a folder' : 'there is no such file'
  return error.path === undefined ? error.message : `cannot read ${error.path}: ${problem}`
}
