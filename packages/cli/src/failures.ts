import { isQueryError } from '@timeskein/query'
import { isApiError, isConnectionError } from '@timeskein/sdk'
import type { DomainError } from '@timeskein/server'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'

const EXIT_OF_KIND: Readonly<Record<string, number>> = {
  invalid: EXIT.badInput,
  unauthenticated: EXIT.noPermission,
  forbidden: EXIT.noPermission,
  'not-found': EXIT.notFound,
  conflict: EXIT.failed,
  'too-large': EXIT.badInput,
  'too-many': EXIT.unavailable,
  unavailable: EXIT.unavailable,
}

const EXIT_OF_STATUS: Readonly<Record<number, number>> = {
  400: EXIT.badInput,
  401: EXIT.noPermission,
  403: EXIT.noPermission,
  404: EXIT.notFound,
  413: EXIT.badInput,
  429: EXIT.unavailable,
  503: EXIT.unavailable,
}

/** What a failure means to the user; undefined when it is a fault of ours. */
export function toCliError(error: unknown): CliError | undefined {
  if (error instanceof CliError) return error
  if (isQueryError(error)) {
    const pointer = error.column > 0 ? `\n  ${error.query}\n  ${' '.repeat(error.column - 1)}^` : ''
    return new CliError(`${error.message}${pointer}`, EXIT.badInput, { cause: error })
  }
  if (isDomainError(error))
    return new CliError(error.message, EXIT_OF_KIND[error.kind] ?? EXIT.failed, { cause: error })
  if (isApiError(error))
    return new CliError(error.message, EXIT_OF_STATUS[error.status] ?? EXIT.failed, { cause: error })
  if (isConnectionError(error)) return new CliError(error.message, EXIT.unavailable, { cause: error })
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (error instanceof Error && (code === 'ENOENT' || code === 'EISDIR'))
    return new CliError(error.message, EXIT.notFound, { cause: error })
  if (error instanceof Error && (code === 'EACCES' || code === 'EPERM'))
    return new CliError(error.message, EXIT.noPermission, { cause: error })
  if (error instanceof Error && (code === 'ENOSPC' || code === 'EROFS'))
    return new CliError(`${error.message}; nothing acknowledged is lost`, EXIT.cannotWrite, { cause: error })
  if (error instanceof Error && code === 'EADDRINUSE')
    return new CliError(`${error.message}; choose another with --port`, EXIT.unavailable, { cause: error })
  return undefined
}

// The server's own guard would bring the whole server into a process that only talks to one.
function isDomainError(error: unknown): error is DomainError {
  return error instanceof Error && error.name === 'DomainError' && 'kind' in error
}
