import { BEGINNING } from '../sources/platform-source.ts'
import type { StreamCursor, StreamCursors } from './pull-batch.ts'

/**
 * Cursors of the streams that begin at a moment that a pull was asked for: those that were not read yet, and those that were begun
 * later, which are read again from there. The others go on where they are.
 *
 * @param since - ISO 8601.
 */
export function beginStreams(names: readonly string[], cursors: StreamCursors, since: string): StreamCursors {
  return Object.fromEntries(
    names.flatMap((name) => {
      const cursor = cursors[name]
      const isBegun = cursor !== undefined && Date.parse(cursor.since ?? BEGINNING) <= Date.parse(since)
      return isBegun ? [] : [[name, { since }]]
    }),
  )
}

/**
 * Where a stream is read from.
 *
 * @param lateMs - How far back behind what was read already, and never before the moment where the stream was begun.
 */
export function chooseStart({ upTo, since = BEGINNING }: StreamCursor, lateMs: number): string {
  if (upTo === undefined) return since
  return new Date(Math.max(Date.parse(since), Date.parse(upTo) - lateMs)).toISOString()
}
