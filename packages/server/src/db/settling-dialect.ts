import {
  type CompiledQuery,
  type DatabaseConnection,
  type QueryResult,
  SqliteAdapter,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from 'kysely'
import { writtenNotDurable } from '../errors/not-durable.ts'
import { ConnectionTurn } from './connection-turn.ts'
import type { WriteStop } from './write-stop.ts'
import type { WriteGate } from './write-thread/write-gate.ts'

/**
 * SQLite, whose writes wait while somebody else writes, and while what was written before is put on the disk once more: of these only
 * a transaction under way is refused.
 */
export class SettlingDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig
  readonly #stop: WriteStop
  readonly #gate: WriteGate

  constructor(config: SqliteDialectConfig, stop: WriteStop, gate: WriteGate) {
    super(config)
    this.#config = config
    this.#stop = stop
    this.#gate = gate
  }

  override createDriver(): SqliteDriver {
    return new SettlingDriver(this.#config, this.#stop, this.#gate)
  }

  override createAdapter(): SqliteAdapter {
    return new OwnTurnsAdapter()
  }
}

/** Kysely's own turns at the one connection know nobody who gives way. */
class OwnTurnsAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

/** Gives the one connection to one at a time: nobody is within a transaction when it is given. */
class SettlingDriver extends SqliteDriver {
  readonly #stop: WriteStop
  readonly #gate: WriteGate
  readonly #turn = new ConnectionTurn()
  #connection: DatabaseConnection | undefined

  constructor(config: SqliteDialectConfig, stop: WriteStop, gate: WriteGate) {
    super(config)
    this.#stop = stop
    this.#gate = gate
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    await this.#turn.take()
    try {
      while (this.#stop.isPaused && !this.#gate.isOpen) await this.#turn.giveWay(this.#gate.wait())
      this.#stop.settle()
      this.#connection ??= new GatedConnection(await super.acquireConnection(), this.#gate, this.#turn)
      return this.#connection
    } catch (error) {
      this.#turn.release()
      throw error
    }
  }

  override async releaseConnection(): Promise<void> {
    this.#turn.release()
  }

  /** What was written before the pause is committed behind what is not on the disk. */
  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await super.commitTransaction(connection)
    if (!this.#stop.settle()) throw writtenNotDurable(this.#stop.cause)
  }
}

/** Statements that read; a transaction may write, so that its beginning waits. */
const READS = /^select\b/

/** Of those who have it, whoever would write while somebody else does gives way to those who read. */
class GatedConnection implements DatabaseConnection {
  readonly #connection: DatabaseConnection
  readonly #gate: WriteGate
  readonly #turn: ConnectionTurn

  constructor(connection: DatabaseConnection, gate: WriteGate, turn: ConnectionTurn) {
    this.#connection = connection
    this.#gate = gate
    this.#turn = turn
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    // Who is within a transaction has begun it while the gate was open, and it is not closed before that has ended.
    while (!this.#gate.isOpen && !READS.test(query.sql)) await this.#turn.giveWay(this.#gate.wait())
    return await this.#connection.executeQuery<Row>(query)
  }

  streamQuery<Row>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<Row>> {
    return this.#connection.streamQuery<Row>(query, chunkSize)
  }
}
