import { DatabaseSync } from 'node:sqlite'

/** How long to wait for another process that is in its turn; a turn takes some milliseconds. */
const TURN_TIMEOUT_MS = 5000
/** https://sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5

/**
 * Does short work while no other process does the same work on this file.
 *
 * @param work - Synchronous, so that nothing of this process comes in between either.
 * @throws What `work` throws; what `holdTurn` throws.
 */
export function takeTurn<Result>(path: string, work: () => Result): Result {
  using _ = holdTurn(path)
  return work()
}

/**
 * Begins a turn, in which no other process gets one on this file, until it is disposed of or the process ends. The file is
 * made when it is not there, and stays empty, so that there is room for it on a full disk. Node has no file locks of its own,
 * SQLite's are the operating system's: they end with the process, however it ends.
 *
 * @throws What SQLite says when the file cannot be locked; see `isTurnTaken`.
 */
export function holdTurn(path: string): Disposable {
  const guard = new DatabaseSync(path, { timeout: TURN_TIMEOUT_MS })
  try {
    guard.exec('PRAGMA journal_mode = MEMORY')
    guard.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    guard.close()
    throw error
  }
  return { [Symbol.dispose]: () => guard.close() }
}

/** Whether a turn was not to be had because another process did not end its own. */
export function isTurnTaken(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}
