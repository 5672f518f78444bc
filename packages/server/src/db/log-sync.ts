import { type FileHandle, open } from 'node:fs/promises'
import { notDurable, writtenNotDurable } from '../errors/not-durable.ts'

/**
 * Puts a write-ahead log on the disk in another thread: who commits without waiting for the disk and then waits for this has a
 * durable commit, and holds up nobody else meanwhile. All who wait at the same time wait for one write to the disk.
 *
 * After a failure the system no longer tries to write what it could not, and says that all is well the next time; as each commit
 * in the log is read only behind all those before it, later ones would be lost with it. So the log must be done with before
 * anything counts as written again.
 */
export class LogSync {
  readonly #path: string
  readonly #beginAnew: (cause: unknown) => Promise<void>
  #failure: Error | undefined
  #file: FileHandle | undefined
  #waiting: PromiseWithResolvers<void> | undefined
  #running: Promise<void> | undefined
  #mending: Promise<void> | undefined

  /**
   * @param path - The log, which need not be there yet.
   * @param beginAnew - Called at once when the log could not be put on the disk: puts all that it has into the database, on the
   * disk, and empties it. Where this fails nothing counts as written any more. Who waited hears of the failure before it has ended:
   * they may be what it waits for.
   */
  constructor(path: string, beginAnew: (cause: unknown) => Promise<void>) {
    this.#path = path
    this.#beginAnew = beginAnew
  }

  /** Resolves when all that has been committed before the call is on the disk. @throws {DomainError} `unavailable` (`not-durable`). */
  sync(): Promise<void> {
    this.#waiting ??= Promise.withResolvers()
    const { promise } = this.#waiting
    this.#running ??= this.#run()
    return promise
  }

  /** To be called when nobody will wait any more. */
  async close(): Promise<void> {
    await this.#running
    await this.#file?.close()
    this.#file = undefined
  }

  /** Who comes while the disk is written to waits for the next time: what they committed may have come too late for this one. */
  async #run(): Promise<void> {
    while (this.#waiting) {
      const { resolve, reject } = this.#waiting
      this.#waiting = undefined
      try {
        await this.#syncNow()
        resolve()
      } catch (error) {
        reject(error)
      }
      await this.#mending
    }
    this.#running = undefined
  }

  async #syncNow(): Promise<void> {
    if (this.#failure) throw this.#failure
    this.#file ??= await openIfPresent(this.#path)
    try {
      await this.#file?.datasync()
    } catch (error) {
      this.#mending = this.#beginAnew(error).catch((second: unknown) => {
        this.#failure = notDurable(
          'What was committed to the metadata database could not be put on the disk, nor can anything behind it. See to the disk and start the server again.',
          second,
        )
      })
      throw writtenNotDurable(error)
    }
  }
}

/** SQLite makes the log with the first write and keeps it as long as it has the database open. */
async function openIfPresent(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
