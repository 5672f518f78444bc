import duckdb from '@duckdb/node-bindings'
import { RowFeed } from './row-feed.ts'
import { SqlSession } from './sql-session.ts'

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

  private constructor(database: duckdb.Database, feed: RowFeed, first: SqlSession) {
    this.#database = database
    this.feed = feed
    this.#idle.push(first)
  }

  static async open(options: DatabaseOptions): Promise<Database> {
    const config = duckdb.create_config()
    const settings = {
      threads: String(options.threads),
      memory_limit: `${Math.ceil(options.memoryLimitBytes / 1024)}KiB`,
      temp_directory: options.tempDirectory,
      // A checkpoint rewrites what the log holds; with large row groups written ahead, the log stays small.
      checkpoint_threshold: '64MiB',
      allow_unsigned_extensions: 'false',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      preserve_insertion_order: 'true',
    }
    for (const [name, value] of Object.entries(settings)) duckdb.set_config(config, name, value)
    const database = await duckdb.open(':memory:', config)
    const connection = await duckdb.connect(database)
    const feed = new RowFeed(connection)
    return new Database(database, feed, new SqlSession(connection, feed))
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

  close(): void {
    for (const session of this.#idle.splice(0)) session.close()
    duckdb.close_sync(this.#database)
  }
}
