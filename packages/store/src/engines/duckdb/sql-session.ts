import duckdb from '@duckdb/node-bindings'
import type { SqlChunk, SqlGroups, SqlRowSet, SqlValue } from './index-handle.ts'
import { readChunk } from './read-chunk.ts'
import type { HeldRows, RowFeed } from './row-feed.ts'

/** One DuckDB connection: one statement at a time, one transaction at a time. */
export class SqlSession {
  readonly #connection: duckdb.Connection
  readonly #feed: RowFeed
  readonly #onFatal: (error: Error) => Error

  /**
   * @param onFatal - Told of an error after which DuckDB refuses every other statement of the instance; returns what to
   * throw in its place.
   */
  constructor(connection: duckdb.Connection, feed: RowFeed, onFatal: (error: Error) => Error) {
    this.#connection = connection
    this.#feed = feed
    this.#onFatal = onFatal
  }

  /** Runs a statement whose result is not wanted. */
  async run(sql: string, parameters: readonly SqlValue[] = []): Promise<void> {
    try {
      using prepared = await this.#prepare(sql, parameters)
      await duckdb.execute_prepared(prepared.statement)
    } catch (error) {
      throw this.#toThrown(error)
    }
  }

  /** Runs a statement and hands out its result chunk by chunk; stops the statement when the signal aborts. */
  async *query(
    sql: string,
    parameters: readonly SqlValue[] = [],
    signal?: AbortSignal,
  ): AsyncGenerator<SqlChunk, void, undefined> {
    signal?.throwIfAborted()
    const interrupt = (): void => duckdb.interrupt(this.#connection)
    try {
      using prepared = await this.#prepare(sql, parameters)
      signal?.throwIfAborted()
      signal?.addEventListener('abort', interrupt, { once: true })
      const result = await duckdb.execute_prepared_streaming(prepared.statement)
      for (;;) {
        const chunk = await duckdb.fetch_chunk(result)
        signal?.throwIfAborted()
        if (!chunk || duckdb.data_chunk_get_size(chunk) === 0) return
        yield readChunk(chunk)
      }
    } catch (error) {
      const thrown = this.#toThrown(error)
      signal?.throwIfAborted()
      throw thrown
    } finally {
      signal?.removeEventListener('abort', interrupt)
    }
  }

  /** The whole result as rows; for small results. */
  async rows(sql: string, parameters: readonly SqlValue[] = []): Promise<unknown[][]> {
    const rows: unknown[][] = []
    for await (const { rowCount, columns } of this.query(sql, parameters)) {
      for (let i = 0; i < rowCount; i++) rows.push(columns.map((column) => column[i]))
    }
    return rows
  }

  close(): void {
    duckdb.disconnect_sync(this.#connection)
  }

  #toThrown(error: unknown): unknown {
    const isFatal =
      error instanceof Error && /^(?:FATAL|INTERNAL) Error:|has been invalidated/.test(error.message)
    return isFatal ? this.#onFatal(error) : error
  }

  async #prepare(sql: string, parameters: readonly SqlValue[]): Promise<Prepared> {
    const held: HeldRows[] = []
    const release = (): void => {
      for (const rows of held) rows[Symbol.dispose]()
    }
    try {
      const plain: PlainSqlValue[] = []
      const text = parameters.length === 0 ? sql : this.#placeParameters(sql, parameters, plain, held)
      const statement = await duckdb.prepare(this.#connection, text)
      for (const [at, value] of plain.entries()) bindValue(statement, at + 1, value)
      return {
        statement,
        [Symbol.dispose]: () => {
          duckdb.destroy_prepare_sync(statement)
          release()
        },
      }
    } catch (error) {
      release()
      throw error
    }
  }

  /** Puts row sets into the text as tables and numbers the other parameters anew. */
  #placeParameters(
    sql: string,
    parameters: readonly SqlValue[],
    plain: PlainSqlValue[],
    held: HeldRows[],
  ): string {
    const places = new Map<number, string>()
    let next = 0
    return sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\d+)|\?/g, (found, digits?: string) => {
      if (found !== '?' && digits === undefined) return found
      const index = digits === undefined ? next++ : Number(digits) - 1
      let place = places.get(index)
      if (place !== undefined) return place
      const value = parameters[index]
      if (value === undefined) {
        throw new Error(`SQL asks for parameter ${index + 1}, ${parameters.length} are given: ${sql}`)
      }
      if (isRowSet(value)) {
        const numbers = { name: 'seq', rows: undefined, type: 'UINTEGER', numbers: value.seqs } as const
        const rows = this.#feed.hold([numbers], value.seqs.length)
        held.push(rows)
        place = `(SELECT seq::BIGINT AS seq FROM ${rows.sql})`
      } else if (isGroups(value)) {
        const texts = { name: 'value', rows: undefined, type: 'VARCHAR', ...joinTexts(value.values) } as const
        const numbers = { name: 'number', rows: undefined, type: 'UINTEGER', numbers: value.numbers } as const
        const rows = this.#feed.hold([texts, numbers], value.numbers.length)
        held.push(rows)
        place = `(SELECT value, number FROM ${rows.sql})`
      } else {
        plain.push(value)
        place = `$${plain.length}`
      }
      places.set(index, place)
      return place
    })
  }
}

/** Runs `work` between BEGIN and COMMIT; rolls back when it fails. */
export async function inTransaction<T>(session: SqlSession, work: () => Promise<T>): Promise<T> {
  await session.run('BEGIN TRANSACTION')
  try {
    const result = await work()
    await session.run('COMMIT')
    return result
  } catch (error) {
    await session.run('ROLLBACK').catch(() => {
      // A COMMIT that failed has ended the transaction already; the first error is the one to tell.
    })
    throw error
  }
}

interface Prepared extends Disposable {
  readonly statement: duckdb.PreparedStatement
}

/** What a statement takes as it is; the others are fed to it as tables. */
type PlainSqlValue = Exclude<SqlValue, SqlRowSet | SqlGroups>

function isRowSet(value: SqlValue): value is SqlRowSet {
  return typeof value === 'object' && value !== null && 'seqs' in value
}

function isGroups(value: SqlValue): value is SqlGroups {
  return typeof value === 'object' && value !== null && 'numbers' in value
}

function joinTexts(texts: readonly string[]): { readonly bytes: Uint8Array; readonly offsets: Uint32Array } {
  const offsets = new Uint32Array(texts.length + 1)
  for (const [at, text] of texts.entries()) offsets[at + 1] = offsets[at]! + Buffer.byteLength(text)
  const bytes = Buffer.allocUnsafe(offsets[texts.length]!)
  for (const [at, text] of texts.entries()) bytes.write(text, offsets[at]!)
  return { bytes, offsets }
}

function bindValue(statement: duckdb.PreparedStatement, index: number, value: PlainSqlValue): void {
  if (value === null) duckdb.bind_null(statement, index)
  else if (typeof value === 'string') duckdb.bind_varchar(statement, index, value)
  else if (typeof value === 'boolean') duckdb.bind_boolean(statement, index, value)
  else if (typeof value === 'bigint') duckdb.bind_int64(statement, index, value)
  else if (typeof value === 'number') {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      duckdb.bind_int64(statement, index, BigInt(value))
    } else duckdb.bind_double(statement, index, value)
  } else duckdb.bind_blob(statement, index, value)
}
