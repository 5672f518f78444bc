import type { Logger } from 'pino'
import { findSystemCode } from './system-code.ts'

/** HTTP status for a full disk: Insufficient Storage (RFC 4918, section 11.5). */
export const NO_ROOM_STATUS = 507

/** What whoever wanted something written is told on a full disk. */
export const NO_ROOM_TEXT =
  'The disk of the server is full: this was not done, and what was stored before is kept and can be read. Ask again when there is room.'

/** Says whether something failed because the disk, or the user's share of it, is full. */
export function isOutOfRoom(error: unknown): boolean {
  return isNoRoomCode(findSystemCode(error))
}

/** The same of a system's code. */
export function isNoRoomCode(code: string | undefined): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT'
}

/**
 * Writes what an answer can be given without. On a full disk evidence can still be read: what was not written is said in the
 * log instead.
 *
 * @param facts - Go into the log with the sentence, so that it can stand for what was not written.
 * @returns What `write` returned; undefined when there was no room.
 * @throws Whatever else `write` throws.
 */
export async function writeIfRoom<Result>(
  log: Logger,
  facts: Readonly<Record<string, unknown>>,
  write: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await write()
  } catch (error) {
    if (!isOutOfRoom(error)) throw error
    log.error({ ...facts, err: error }, 'not written, as the disk has no room left')
    return undefined
  }
}
