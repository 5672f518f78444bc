import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreError } from '../../store-error.ts'
import type { Database } from './database.ts'
import { IndexFile, type StoreCaches } from './index-file.ts'

/** Index files kept attached while nobody uses them. */
const MAX_IDLE_FILES = 32
const INDEX_NAME = /^[0-9a-f]{32}$/

/** An index in use: it stays attached until the lease is disposed of. */
export interface IndexLease extends Disposable {
  readonly file: IndexFile
  /** True while nobody else has the index in use. */
  readonly isAlone: boolean
}

interface Entry {
  readonly opening: Promise<IndexFile>
  users: number
}

/** The index files of one directory: attached when first asked for, detached when long unused. */
export class IndexFiles {
  readonly #database: Database
  readonly #directory: string
  readonly #caches: StoreCaches
  /** In the order of last use. */
  readonly #entries = new Map<string, Entry>()
  readonly #leaving = new Map<string, Promise<void>>()
  #recovering: Promise<void> | undefined

  constructor(database: Database, directory: string, caches: StoreCaches) {
    this.#database = database
    this.#directory = directory
    this.#caches = caches
  }

  /**
   * Opens an index for use.
   *
   * @throws {StoreError} `no-index` when there is no such index; errors of `IndexFile.attach`.
   */
  async lease(index: string): Promise<IndexLease> {
    checkIndexName(index)
    return await this.#lease(index, false)
  }

  /** Makes an index; does nothing when it exists. */
  async create(index: string): Promise<void> {
    checkIndexName(index)
    await mkdir(this.#directory, { recursive: true })
    const lease = await this.#lease(index, true)
    lease[Symbol.dispose]()
  }

  /** Detaches an index, when nobody writes to it any more, and deletes its files. */
  async drop(index: string): Promise<void> {
    checkIndexName(index)
    await this.#detach(index, async () => {
      for (const name of await this.#listFiles()) {
        if (name.startsWith(`${index}.`))
          await rm(join(this.#directory, name), { recursive: true, force: true })
      }
    })
  }

  /** Names of the indexes there are, sorted. */
  async list(): Promise<string[]> {
    const names = (await this.#listFiles()).filter((name) => name.endsWith('.duckdb'))
    return names
      .map((name) => name.slice(0, -'.duckdb'.length))
      .filter((name) => INDEX_NAME.test(name))
      .sort()
  }

  /** Bytes on disk of all files of an index. */
  async measure(index: string): Promise<number> {
    let sizeBytes = 0
    for (const name of await this.#listFiles()) {
      if (!name.startsWith(`${index}.`)) continue
      const info = await stat(join(this.#directory, name)).catch(ignoreMissing)
      sizeBytes += info?.size ?? 0
    }
    return sizeBytes
  }

  /** On a full disk what was committed stays in the logs beside the index files, and is put into them at a later closing. */
  async close(): Promise<void> {
    try {
      if (!this.#database.failure) for (const index of [...this.#entries.keys()]) await this.#detach(index)
    } catch (error) {
      if (!isOutOfRoom(this.#database.failure)) throw error
    } finally {
      if (this.#database.failure) await this.#abandonAll()
    }
  }

  /**
   * Opens the engine anew when it gave up, as soon as nobody holds an index any more.
   *
   * @throws {StoreError} `gave-up` while somebody still does: waiting could be for oneself.
   */
  async #recover(): Promise<void> {
    if (!this.#database.failure) return
    if (!this.#recovering) {
      for (const { users } of this.#entries.values()) if (users > 0) throw this.#database.failure
      this.#recovering = this.#abandonAll()
        .then(() => this.#database.reopen())
        .finally(() => {
          this.#recovering = undefined
        })
    }
    await this.#recovering
  }

  async #abandonAll(): Promise<void> {
    const entries = [...this.#entries.values()]
    this.#entries.clear()
    for (const { opening } of entries) {
      const file = await opening.catch(ignoreFailure)
      await file?.abandon()
    }
  }

  async #lease(index: string, create: boolean): Promise<IndexLease> {
    await this.#recover()
    await this.#leaving.get(index)
    let entry = this.#entries.get(index)
    if (!entry) {
      entry = { opening: this.#open(index, create), users: 0 }
      this.#entries.set(index, entry)
    }
    const held = entry
    held.users++
    const release = (): void => {
      held.users--
      if (held.users === 0) this.#detachIdle()
    }
    const file = await held.opening.catch((error: unknown) => {
      if (this.#entries.get(index) === held) this.#entries.delete(index)
      throw error
    })
    try {
      await file.refreshIfStale()
    } catch (error) {
      // The file stays attached, and others may hold it: the next lease tries again.
      release()
      throw error
    }
    this.#touch(index, held)
    let released = false
    return {
      file,
      get isAlone() {
        return held.users === 1
      },
      [Symbol.dispose]: () => {
        if (released) return
        released = true
        release()
      },
    }
  }

  async #open(index: string, create: boolean): Promise<IndexFile> {
    const path = join(this.#directory, `${index}.duckdb`)
    if (!create && !(await stat(path).catch(ignoreMissing))) {
      throw new StoreError('no-index', `there is no index ${index}`)
    }
    return await IndexFile.attach(this.#database, this.#directory, index, this.#caches)
  }

  #touch(index: string, entry: Entry): void {
    if (this.#entries.get(index) !== entry) return
    this.#entries.delete(index)
    this.#entries.set(index, entry)
  }

  #detachIdle(): void {
    const idle = [...this.#entries].filter(([, entry]) => entry.users === 0)
    for (const [index] of idle.slice(0, Math.max(0, idle.length - MAX_IDLE_FILES))) {
      void this.#detach(index).catch(() => {
        // The file stays attached to the instance; the next use attaches it anew and tells what is wrong.
      })
    }
  }

  /** @param then - What to do before anybody can open the index again. */
  async #detach(index: string, then?: () => Promise<void>): Promise<void> {
    await this.#leaving.get(index)
    const entry = this.#entries.get(index)
    if (!entry && !then) return
    this.#entries.delete(index)
    const leaving = (async () => {
      if (entry) await (await entry.opening).detach()
      await then?.()
    })()
    this.#leaving.set(index, leaving.catch(ignoreFailure))
    try {
      await leaving
    } finally {
      this.#leaving.delete(index)
    }
  }

  async #listFiles(): Promise<string[]> {
    return (await readdir(this.#directory).catch(ignoreMissing)) ?? []
  }
}

/** @throws {StoreError} When a name is not 32 hex digits; such a name is never put into a path or into SQL. */
function checkIndexName(index: string): void {
  if (INDEX_NAME.test(index)) return
  throw new StoreError(
    'bad-name',
    `name of an index expected (32 hex digits, lower case), found ${JSON.stringify(index)}`,
  )
}

function isOutOfRoom(failure: StoreError | undefined): boolean {
  const { cause } = failure ?? {}
  return cause instanceof Error && /No space left on device|Disk quota exceeded/.test(cause.message)
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}

function ignoreFailure(): undefined {
  // Whoever detaches has the error; those who wait only want to know that it is over.
}
