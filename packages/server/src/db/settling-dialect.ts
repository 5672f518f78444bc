import { type DatabaseConnection, SqliteDialect, type SqliteDialectConfig, SqliteDriver } from 'kysely'
import { writtenNotDurable } from '../errors/not-durable.ts'
import type { WriteStop } from './write-stop.ts'

/** SQLite, whose writes wait while what was written before is put on the disk once more: only a transaction under way is refused. */
export class SettlingDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig
  readonly #stop: WriteStop

  constructor(config: SqliteDialectConfig, stop: WriteStop) {
    super(config)
    this.#config = config
    this.#stop = stop
  }

  override createDriver(): SqliteDriver {
    return new SettlingDriver(this.#config, this.#stop)
  }
}

/** Kysely gives the one connection to one at a time: nobody is within a transaction when it is given. */
class SettlingDriver extends SqliteDriver {
  readonly #stop: WriteStop

  constructor(config: SqliteDialectConfig, stop: WriteStop) {
    super(config)
    this.#stop = stop
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    this.#stop.settle()
    return await super.acquireConnection()
  }

  /** What was written before the pause is committed behind what is not on the disk. */
  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await super.commitTransaction(connection)
    if (!this.#stop.settle()) throw writtenNotDurable(this.#stop.cause)
  }
}
