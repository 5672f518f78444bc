import type { Reject } from '@timeskein/model'
import { isDatabaseError } from '../sqlite/database-error.ts'
import type { StretchOutcome } from './read-item.ts'

/** A reader failed over an input in a way that nobody foresaw. */
export class ReaderFaultError extends Error {
  override readonly name = 'ReaderFaultError'
  readonly code = 'reader-failed'

  constructor(path: string, cause: Error) {
    super(`cannot read ${path}: ${describeFault(cause)}`, { cause })
  }
}

/** What the language itself throws where a program is wrong. */
const FAULTS = [RangeError, TypeError, SyntaxError, ReferenceError] as const

/** What V8 and SQLite say where the system has no memory left: of the first it is a `RangeError`, though nothing is out of range. */
const NO_MEMORY = /allocation failed|could not allocate|unable to grow|out of memory/i

/**
 * The error if it is a fault of a reader: none that has a `code`, as ours that say in words what is wrong with an input and those of
 * files and streams have, but for what the language and SQLite throw; none of whoever stopped the reading; and no want of memory, which
 * is over when the same is read again. Such a fault takes the rest of one file, never other files.
 */
export function asReaderFault(error: unknown, signal?: AbortSignal): Error | undefined {
  if (!(error instanceof Error) || signal?.aborted || NO_MEMORY.test(error.message)) return undefined
  const isOfLanguage = FAULTS.some((kind) => error instanceof kind)
  return isOfLanguage || !('code' in error) || isDatabaseError(error) ? error : undefined
}

/** What stands in the account for what a fault took. */
export function rejectForFault(error: Error, line: number): Reject {
  const detail = `${describeFault(error)}; what stands behind it, up to the next part that can be read by itself, is lost`
  return { line, reason: 'reader-failed', detail, raw: '' }
}

/** A stretch of which nothing is left but the note of a fault. */
export function stretchForFault(error: Error, line: number): StretchOutcome<never> {
  const rejects = [rejectForFault(error, line)]
  return { batches: [], rejects, read: 1, badLines: 0, timeNotes: [], notes: [] }
}

/** Names the error and the place in the program, for whoever is told of it. */
export function describeFault(error: Error): string {
  const place = /^\s+at .*?([^\s/\\(]+:\d+):\d+\)?$/m.exec(error.stack ?? '')?.[1]
  const at = place === undefined ? '' : ` at ${place}`
  return `the reader failed, a fault of ours${at} (${error.name}: ${error.message})`
}
