import duckdb from '@duckdb/node-bindings'
import { StoreError } from '../../store-error.ts'
import { RowFeed } from './row-feed.ts'
import { SqlSession } from './sql-session.ts'
import { TaskQueue } from './task-queue.ts'

/** Connections kept for reuse; more are opened when more are wanted at once. */
const MAX_IDLE_SESSIONS = 8
/** A column holds two blocks of 256 KiB while rows are added. */
const COLUMN_BYTES = 512 * 1024
/** Of a large import beside its columns, and for questions meanwhile: as much as there is beside 400 columns in 320 MiB. */
const IMPORT_BYTES: number = 120 * 1024 * 1024
/**
 * While an import commits. What COMMIT holds cannot wait in a file: its own rows, and of each column what the rows before them left
 * unfilled. With 376 columns, which rows of three sources had filled, that was half of this.
 */
const COMMIT_BYTES: number = 1024 * 1024 * 1024

/** How the instance is set up: threads of its own, its memory, and where it puts what does not fit in there. */
export interface DatabaseOptions {
  readonly threads: number
  /**
   * For questions, while no import is fed or committed; while some are fed, most that one of them has, by its columns (`enterImport`).
   * Each commit has 1 GiB, and while one goes on the limit is no lower than this.
   */
  readonly memoryLimitBytes: number
  readonly tempDirectory: string
  /** Told of what the instance does without, and goes on. @default nobody */
  readonly onTrouble?: ((message: string, cause: unknown) => void) | undefined
}

/** One DuckDB instance, which index files are attached to, and its pooled connections. */
export class Database {
  readonly #options: DatabaseOptions
  readonly #idle: SqlSession[] = []
  readonly #settings = new TaskQueue()
  #instance: Instance
  #failure: StoreError | undefined
  #threadsNow: number
  #memoryLimitNow: number
  /** Columns of the rows of each large import that goes on. */
  readonly #imports = new Map<object, number>()
  /** Imports that are being committed. */
  readonly #commits = new Set<object>()

  private constructor(options: DatabaseOptions, instance: Instance) {
    this.#options = options
    this.#instance = instance
    this.#threadsNow = options.threads
    this.#memoryLimitNow = options.memoryLimitBytes
  }

  static async open(options: DatabaseOptions): Promise<Database> {
    return new Database(options, await openInstance(options))
  }

  /** Hands columns to statements of the instance there is now. */
  get feed(): RowFeed {
    return this.#instance.feed
  }

  /** Why DuckDB gave the instance up; from then on it refuses every statement until `reopen`. */
  get failure(): StoreError | undefined {
    return this.#failure
  }

  /** Replaces an instance that DuckDB gave up by a new one, to which no file is attached. No connection may be in use. */
  async reopen(): Promise<void> {
    await this.close()
    this.#instance = await openInstance(this.#options)
    this.#threadsNow = this.#options.threads
    this.#memoryLimitNow = this.#options.memoryLimitBytes
    this.#imports.clear()
    this.#commits.clear()
    this.#failure = undefined
  }

  /** Lends a connection to `work` and takes it back afterwards. */
  async withSession<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    const session = await this.take()
    try {
      return await work(session)
    } finally {
      this.giveBack(session)
    }
  }

  /** Takes a connection out of the pool until it is given back. */
  async take(): Promise<SqlSession> {
    const { database, feed } = this.#instance
    return (
      this.#idle.pop() ??
      new SqlSession(await duckdb.connect(database), feed, (error) => {
        this.#failure ??= toFailure(error)
        return this.#failure
      })
    )
  }

  /** Puts a connection back that has no open transaction. */
  giveBack(session: SqlSession): void {
    if (this.#idle.length < MAX_IDLE_SESSIONS) this.#idle.push(session)
    else session.close()
  }

  /**
   * Says that a large import goes on, and how many columns its rows have now. While one does DuckDB has no threads of its own: each
   * statement runs in the thread that waits for it. Feeding is single-threaded anyway, and a thread waiting for another one's work spins,
   * which took as much time as the work. Its memory is what the imports need: blocks that rows are added to cannot wait in a file, and
   * what it has beyond it fills with rows that were written long ago.
   */
  async enterImport(importer: object, columns: number): Promise<void> {
    if (this.#imports.get(importer) === columns) return
    this.#imports.set(importer, columns)
    await this.#share()
  }

  /** Says that an import, large or small, is about to be committed: a commit that lacks memory loses all of it. */
  async enterCommit(importer: object): Promise<void> {
    this.#commits.add(importer)
    await this.#share()
  }

  /** Says that an import has ended; its threads come back by and by, and its memory goes. */
  leaveImport(importer: object): void {
    const wasLarge = this.#imports.delete(importer)
    if (this.#commits.delete(importer) || wasLarge) void this.#share()
  }

  /** What DuckDB refuses stays as it was until the next import begins or ends: with fewer threads or more memory all still works. */
  async #share(): Promise<void> {
    await this.#settings.run(async () => {
      const threads = this.#imports.size > 0 ? 1 : this.#options.threads
      if (threads !== this.#threadsNow && (await this.#set('threads', String(threads))))
        this.#threadsNow = threads
      const limitBytes = this.#findMemoryLimit()
      if (
        limitBytes !== this.#memoryLimitNow &&
        (await this.#set('memory_limit', writeMemoryLimit(limitBytes)))
      )
        this.#memoryLimitNow = limitBytes
    })
  }

  #findMemoryLimit(): number {
    const { memoryLimitBytes } = this.#options
    let limitBytes = this.#commits.size * COMMIT_BYTES
    for (const [importer, columns] of this.#imports)
      if (!this.#commits.has(importer))
        limitBytes += Math.min(memoryLimitBytes, IMPORT_BYTES + columns * COLUMN_BYTES)
    const isCommitting = this.#commits.size > 0
    return limitBytes === 0 || isCommitting ? Math.max(memoryLimitBytes, limitBytes) : limitBytes
  }

  /** @returns Whether it is set now. */
  async #set(setting: 'threads' | 'memory_limit', value: string): Promise<boolean> {
    if (this.#failure) return false
    try {
      await this.withSession((session) => session.run(`SET ${setting} = '${value}'`))
      return true
    } catch (error) {
      this.#options.onTrouble?.(`the embedded store could not set its ${setting} to ${value}`, error)
      return false
    }
  }

  async close(): Promise<void> {
    await this.#settings.drain()
    for (const session of this.#idle.splice(0)) session.close()
    duckdb.close_sync(this.#instance.database)
  }
}

interface Instance {
  readonly database: duckdb.Database
  readonly feed: RowFeed
}

async function openInstance(options: DatabaseOptions): Promise<Instance> {
  const config = duckdb.create_config()
  const settings = {
    threads: String(options.threads),
    memory_limit: writeMemoryLimit(options.memoryLimitBytes),
    temp_directory: options.tempDirectory,
    // Gives freed memory back though no statement follows.
    allocator_background_threads: 'true',
    // Each checkpoint compresses the last row group anew: of batches that come one by one, as those of a pull, all before it as well.
    checkpoint_threshold: '64MiB',
    // Row groups of an import go to disk as they fill up, not five at a time out of memory.
    write_buffer_row_group_count: '1',
    allow_unsigned_extensions: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'true',
  }
  for (const [name, value] of Object.entries(settings)) duckdb.set_config(config, name, value)
  const database = await duckdb.open(':memory:', config)
  const connection = await duckdb.connect(database)
  const feed = new RowFeed(connection)
  duckdb.disconnect_sync(connection)
  return { database, feed }
}

function writeMemoryLimit(bytes: number): string {
  return `${Math.ceil(bytes / 1024)}KiB`
}

function toFailure(cause: Error): StoreError {
  const reason =
    /Original error: ("?)(.+?)\1(?:\n|$)/.exec(cause.message)?.[2] ?? cause.message.split('\n', 1)[0]
  return new StoreError(
    'gave-up',
    `the embedded store gave up and is opened anew: ${reason}. What was acknowledged is kept; what was just being committed is there whole or not at all`,
    { cause },
  )
}
