import type { questionSchema } from '@timeskein/model'
import type { Cursor } from '@timeskein/store'
import type { z } from 'zod'
import { invalid } from '../../errors/domain-error.ts'
import type { ExploreQuestion } from '../../services/explore-service.ts'
import { readQuestion } from '../../services/read-question.ts'

/** A typed question made ready to ask. @throws {QueryError} Where it cannot be read. */
export function toExploreQuestion(
  sketchId: number,
  question: z.output<typeof questionSchema>,
  signal: AbortSignal,
): ExploreQuestion {
  return {
    sketchId,
    query: readQuestion({
      query: question.query,
      ...(question.from === undefined ? {} : { from: question.from }),
      ...(question.to === undefined ? {} : { to: question.to }),
    }),
    ...(question.timelines === undefined ? {} : { selection: { entries: question.timelines } }),
    signal,
  }
}

/** A cursor as text that clients keep and give back; they need not look into it. */
export function writeCursor(cursor: Cursor): string {
  return `${cursor.timeUs}.${cursor.nanos}.${cursor.index}.${cursor.seq}`
}

/** @throws {DomainError} `invalid` (`bad-cursor`) for what `writeCursor` did not write. */
export function readCursor(text: string): Cursor {
  const match = /^(-?\d{1,19})\.(\d{1,3})\.([0-9a-f]{32})\.(\d{1,15})$/.exec(text)
  if (!match) throw invalid('bad-cursor', 'The cursor is not one that a page gave.')
  const [, timeUs = '', nanos, index = '', seq] = match
  return { timeUs: BigInt(timeUs), nanos: Number(nanos), index, seq: Number(seq) }
}
