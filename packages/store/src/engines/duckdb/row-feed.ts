/**
 * Gives columns held in JavaScript to DuckDB, without one native call per value and without holding the event loop.
 *
 * DuckDB sees a table function, `feed_rows(<ticket>)`. While `INSERT INTO … SELECT … FROM feed_rows(7)` runs in one of
 * DuckDB's threads, it calls back for each chunk of at most 2048 rows; the callback fills the chunk's vectors and
 * returns, and the event loop is free until the next one.
 *
 * Strings. A vector of strings is an array of 16-byte `string_t` (DuckDB, `src/include/duckdb/common/types/string_type.hpp`):
 *
 *     up to 12 bytes   u32 length, 12 bytes of text padded with zeros
 *     longer           u32 length, first 4 bytes of text, u64 address of the text
 *
 * All values of a chunk's column are handed over as one string, once, for element 0: DuckDB copies it to memory that
 * lives as long as the vector, and element 0 then tells the address. The array of `string_t` pointing into that
 * memory is built here and copied over the vector in one call.
 */
import duckdb from '@duckdb/node-bindings'

/** Rows that one call may fill: DuckDB's vector size. */
const MAX_ROWS_PER_CALL = 2048
/** Bounds of one callback, so that it holds the event loop for some milliseconds at most. */
const MAX_CELLS_PER_CALL = 400_000
const MAX_BYTES_PER_CALL = 4 * 1024 * 1024
const STRING_BYTES = 16
const INLINE_BYTES = 12

/**
 * One column to feed. `rows` are the ascending, distinct rows that have a value (all others are NULL); undefined when
 * every row has one. Text must be valid UTF-8; it may hold NUL.
 */
export type FeedColumn = { readonly name: string; readonly rows: Uint32Array | undefined } & FeedValues
/** Values by type: entry `i` belongs to `rows[i]`. */
export type FeedValues =
  | { readonly type: 'VARCHAR' | 'BLOB'; readonly bytes: Uint8Array; readonly offsets: Uint32Array }
  | { readonly type: 'BIGINT'; readonly numbers: BigInt64Array }
  | { readonly type: 'INTEGER'; readonly numbers: Int32Array }
  | { readonly type: 'UINTEGER'; readonly numbers: Uint32Array }
  | { readonly type: 'DOUBLE'; readonly numbers: Float64Array }
  | { readonly type: 'BOOLEAN'; readonly numbers: Uint8Array }

/** Columns held for DuckDB; `sql` stands for them in a FROM clause until the hold is disposed of. */
export interface HeldRows extends Disposable {
  readonly sql: string
}

interface Job {
  readonly columns: readonly FeedColumn[]
  readonly rowCount: number
  readonly rowsPerCall: number
}

/** Where a scan of a job stands: the next row, and for each column its next entry. */
interface Scan {
  readonly job: Job
  row: number
  readonly entries: Uint32Array
}

/** The table function of one DuckDB instance and the columns it may serve. */
export class RowFeed {
  readonly #jobs = new Map<number, Job>()
  readonly #logicalTypes = new Map<FeedValues['type'], duckdb.LogicalType>()
  readonly #strings = new Uint32Array((MAX_ROWS_PER_CALL * STRING_BYTES) / 4)
  readonly #validity = new Uint8Array(MAX_ROWS_PER_CALL / 8)
  readonly #scratch = new BigInt64Array(MAX_ROWS_PER_CALL)
  #lastTicket = 0

  /** Registers the function; one feed serves all connections of an instance. */
  constructor(connection: duckdb.Connection) {
    const types = {
      VARCHAR: 17,
      BLOB: 18,
      BIGINT: 5,
      INTEGER: 4,
      UINTEGER: 8,
      DOUBLE: 11,
      BOOLEAN: 1,
    } as const
    for (const [name, id] of Object.entries(types)) {
      this.#logicalTypes.set(name as FeedValues['type'], duckdb.create_logical_type(id as duckdb.Type))
    }
    const feed = duckdb.create_table_function()
    duckdb.table_function_set_name(feed, 'feed_rows')
    duckdb.table_function_add_parameter(feed, this.#logicalTypes.get('BIGINT')!)
    duckdb.table_function_set_bind(feed, (info) => this.#bind(info))
    duckdb.table_function_set_init(feed, (info) => {
      const job = duckdb.init_get_bind_data(info) as Job
      const scan: Scan = { job, row: 0, entries: new Uint32Array(job.columns.length) }
      duckdb.init_set_init_data(info, scan)
    })
    duckdb.table_function_set_function(feed, (info, chunk) => {
      try {
        this.#fill(duckdb.function_get_init_data(info) as Scan, chunk)
      } catch (error) {
        duckdb.function_set_error(info, String(error))
      }
    })
    duckdb.register_table_function(connection, feed)
  }

  /** Holds columns for use in SQL. They are read while a statement runs and must not change before the hold ends. */
  hold(columns: readonly FeedColumn[], rowCount: number): HeldRows {
    const ticket = ++this.#lastTicket
    this.#jobs.set(ticket, { columns, rowCount, rowsPerCall: countRowsPerCall(columns, rowCount) })
    return {
      sql: `feed_rows(${ticket})`,
      [Symbol.dispose]: () => {
        this.#jobs.delete(ticket)
      },
    }
  }

  #bind(info: duckdb.TableFunctionBindInfo): void {
    const ticket = Number(duckdb.get_int64(duckdb.bind_get_parameter(info, 0)))
    const job = this.#jobs.get(ticket)
    if (!job) {
      duckdb.bind_set_error(info, `feed_rows: no columns are held under ticket ${ticket}`)
      return
    }
    for (const column of job.columns) {
      duckdb.bind_add_result_column(info, column.name, this.#logicalTypes.get(column.type)!)
    }
    duckdb.bind_set_cardinality(info, job.rowCount, true)
    duckdb.bind_set_bind_data(info, job)
  }

  #fill(scan: Scan, chunk: duckdb.DataChunk): void {
    const { job, row } = scan
    const count = Math.min(job.rowsPerCall, job.rowCount - row)
    duckdb.data_chunk_set_size(chunk, count)
    if (count === 0) return
    for (let c = 0; c < job.columns.length; c++) {
      const column = job.columns[c]!
      const vector = duckdb.data_chunk_get_vector(chunk, c)
      const first = column.rows ? scan.entries[c]! : row
      const end = column.rows ? findEnd(column.rows, first, row + count) : row + count
      scan.entries[c] = end
      if (end > first) this.#write(vector, column, first, end, row, count)
      if (end - first < count) this.#writeValidity(vector, column.rows!, first, end, row, count)
    }
    scan.row = row + count
  }

  #write(
    vector: duckdb.Vector,
    column: FeedColumn,
    first: number,
    end: number,
    row: number,
    count: number,
  ): void {
    if ('bytes' in column) {
      this.#writeStrings(vector, column, first, end, row, count)
      return
    }
    const { numbers, rows } = column
    const width = numbers.BYTES_PER_ELEMENT
    if (end - first === count) {
      const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset + first * width, count * width)
      new Uint8Array(this.#scratch.buffer).set(bytes)
    } else {
      const spread = scratchLike(numbers, this.#scratch.buffer)
      for (let i = first; i < end; i++) spread[rows![i]! - row] = numbers[i]!
    }
    duckdb.copy_data_to_vector(vector, 0, this.#scratch.buffer, 0, count * width)
  }

  #writeStrings(
    vector: duckdb.Vector,
    column: FeedColumn & { readonly bytes: Uint8Array; readonly offsets: Uint32Array },
    first: number,
    end: number,
    row: number,
    count: number,
  ): void {
    const { bytes, offsets, rows } = column
    const strings = this.#strings
    const textStart = offsets[first]!
    const textEnd = offsets[end]!
    let address = 0
    if (textEnd - textStart > INLINE_BYTES) {
      duckdb.vector_assign_string_element_len(vector, 0, bytes.subarray(textStart, textEnd))
      const head = duckdb.vector_get_data(vector, STRING_BYTES)
      const view = new DataView(head.buffer, head.byteOffset, STRING_BYTES)
      if (view.getUint32(0, true) !== textEnd - textStart) {
        throw new Error(`column ${column.name}: DuckDB did not take ${textEnd - textStart} bytes of text`)
      }
      address = view.getUint32(8, true) + view.getUint32(12, true) * 2 ** 32 - textStart
    }
    let start = textStart
    for (let i = first; i < end; i++) {
      const stop = offsets[i + 1]!
      const length = stop - start
      const at = (rows ? rows[i]! - row : i - first) * 4
      strings[at] = length
      if (length > INLINE_BYTES) {
        const target = address + start
        strings[at + 1] = packBytes(bytes, start, 4)
        strings[at + 2] = target >>> 0
        strings[at + 3] = Math.floor(target / 2 ** 32)
      } else {
        strings[at + 1] = packBytes(bytes, start, Math.min(length, 4))
        strings[at + 2] = length > 4 ? packBytes(bytes, start + 4, Math.min(length - 4, 4)) : 0
        strings[at + 3] = length > 8 ? packBytes(bytes, start + 8, length - 8) : 0
      }
      start = stop
    }
    duckdb.copy_data_to_vector(vector, 0, strings.buffer, 0, count * STRING_BYTES)
  }

  #writeValidity(
    vector: duckdb.Vector,
    rows: Uint32Array,
    first: number,
    end: number,
    row: number,
    count: number,
  ): void {
    const validity = this.#validity
    const size = Math.ceil(count / 64) * 8
    validity.fill(0, 0, size)
    for (let i = first; i < end; i++) {
      const at = rows[i]! - row
      validity[at >>> 3]! |= 1 << (at & 7)
    }
    duckdb.vector_ensure_validity_writable(vector)
    duckdb.copy_data_to_vector_validity(vector, 0, validity.buffer, 0, size)
  }
}

function countRowsPerCall(columns: readonly FeedColumn[], rowCount: number): number {
  let bytes = 0
  for (const column of columns) {
    if (!('bytes' in column)) continue
    bytes += column.offsets[column.offsets.length - 1]! - column.offsets[0]!
  }
  const byCells = MAX_CELLS_PER_CALL / Math.max(1, columns.length)
  const byBytes = MAX_BYTES_PER_CALL / Math.max(1, bytes / Math.max(1, rowCount))
  return Math.max(1, Math.floor(Math.min(MAX_ROWS_PER_CALL, byCells, byBytes)))
}

/** First entry at or after `first` whose row is `rowEnd` or more. */
function findEnd(rows: Uint32Array, first: number, rowEnd: number): number {
  let low = first
  let high = Math.min(rows.length, first + MAX_ROWS_PER_CALL)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (rows[middle]! < rowEnd) low = middle + 1
    else high = middle
  }
  return low
}

function packBytes(bytes: Uint8Array, at: number, count: number): number {
  let packed = 0
  for (let i = 0; i < count; i++) packed |= bytes[at + i]! << (8 * i)
  return packed
}

type NumberArray = { [index: number]: number | bigint }

function scratchLike(numbers: FeedNumbers, buffer: ArrayBuffer): NumberArray {
  if (numbers instanceof BigInt64Array) return new BigInt64Array(buffer)
  if (numbers instanceof Float64Array) return new Float64Array(buffer)
  if (numbers instanceof Int32Array) return new Int32Array(buffer)
  if (numbers instanceof Uint32Array) return new Uint32Array(buffer)
  return new Uint8Array(buffer)
}
type FeedNumbers = BigInt64Array | Float64Array | Int32Array | Uint32Array | Uint8Array
