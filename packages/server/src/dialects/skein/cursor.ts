import type { Cursor } from '@timeskein/store'
import { invalid } from '../../errors/domain-error.ts'

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
