import { type FileHandle, open } from 'node:fs/promises'

/**
 * Puts a write-ahead log on the disk in another thread: who commits without waiting for the disk and then waits for this has a
 * durable commit, and holds up nobody else meanwhile. All who wait at the same time wait for one write to the disk.
 */
export class LogSync {
  readonly #path: string
  #file: FileHandle | undefined
  #waiting: PromiseWithResolvers<void> | undefined
  #running: Promise<void> | undefined

  /** @param path - The log, which need not be there yet. */
  constructor(path: string) {
    this.#path = path
  }

  /** Resolves when all that has been committed before the call is on the disk. @throws What the system says when it cannot be. */
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
      await this.#syncNow().then(resolve, reject)
    }
    this.#running = undefined
  }

  async #syncNow(): Promise<void> {
    this.#file ??= await openIfPresent(this.#path)
    await this.#file?.datasync()
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
