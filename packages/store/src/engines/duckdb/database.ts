import duckdb from '@duckdb/node-bindings'
import { RowFeed } from './row-feed.ts'
import { SqlSession } from './sql-session.ts'
import { TaskQueue } from './task-queue.ts'

/** Connections kept for reuse; more are opened when more are wanted at once. */
const MAX_IDLE_SESSIONS = 8

export interface DatabaseOptions {
  readonly threads: number
  readonly memoryLimitBytes: number
  readonly tempDirectory: string
}

/** One DuckDB instance, which index files are attached to, and its pooled connections. */
export class Database {
  readonly feed: RowFeed
  readonly #database: duckdb.Database
  readonly #idle: SqlSession[] = []
  readonly #threads: number
  readonly #settings = new TaskQueue()
  #threadsNow: number
  #imports = 0

  private constructor(database: duckdb.Database, threads: number, feed: RowFeed, first: SqlSession) {
    this.#database = database
    this.#threads = threads
    this.#threadsNow = threads
    this.feed = feed
    this.#idle.push(first)
  }

  static async open(options: DatabaseOptions): Promise<Database> {
    const config = duckdb.create_config()
    const settings = {
      threads: String(options.threads),
      memory_limit: `${Math.ceil(options.memoryLimitBytes / 1024)}KiB`,
      temp_directory: options.tempDirectory,
      checkpoint_threshold: '16MiB',
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
    return new Database(database, options.threads, feed, new SqlSession(connection, feed))
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
    return this.#idle.pop() ?? new SqlSession(await duckdb.connect(this.#database), this.feed)
  }

  /** Puts a connection back that has no open transaction. */
  giveBack(session: SqlSession): void {
    if (this.#idle.length < MAX_IDLE_SESSIONS) this.#idle.push(session)
    else session.close()
  }

  /**
   * Says that a large import begins. While one goes on DuckDB has no threads of its own: each statement runs in the
   * thread that waits for it. Feeding is single-threaded anyway, and a thread waiting for another one's work spins,
   * which took as much time as the work.
   */
  async enterImport(): Promise<void> {
    this.#imports++
    await this.#setThreads()
  }

  /** Says that a large import has ended. */
  async leaveImport(): Promise<void> {
    this.#imports--
    await this.#setThreads()
  }

  async #setThreads(): Promise<void> {
    await this.#settings.run(async () => {
      const wanted = this.#imports > 0 ? 1 : this.#threads
      if (wanted === this.#threadsNow) return
      await this.withSession((session) => session.run(`SET threads = ${wanted}`))
      this.#threadsNow = wanted
    })
  }

  close(): void {
    for (const session of this.#idle.splice(0)) session.close()
    duckdb.close_sync(this.#database)
  }
}
