import type { Logger } from 'pino'
import { findSystemCode } from '../import/system-code.ts'

/** Says whether something failed because the disk, or the user's share of it, is full. */
export function isOutOfRoom(error: unknown): boolean {
  const code = findSystemCode(error)
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
