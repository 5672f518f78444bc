import { DatabaseSync } from 'node:sqlite'

/** How long to wait for another process that is in its turn; a turn takes some milliseconds. */
const TURN_TIMEOUT_MS = 5000

/**
 * Does short work while no other process does the same work on this file; the file is made when it is not there, and stays
 * empty. Node has no file locks of its own, SQLite's are the operating system's: they end with the process, however it ends.
 *
 * @param work - Synchronous, so that nothing of this process comes in between either.
 * @throws What `work` throws; what SQLite says when the file cannot be locked.
 */
export function takeTurn<Result>(path: string, work: () => Result): Result {
  const guard = new DatabaseSync(path, { timeout: TURN_TIMEOUT_MS })
  try {
    guard.exec('BEGIN EXCLUSIVE')
    return work()
  } finally {
    guard.close()
  }
}
