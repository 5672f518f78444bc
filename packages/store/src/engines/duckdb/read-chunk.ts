import duckdb from '@duckdb/node-bindings'
import type { SqlChunk } from './index-handle.ts'

const STRING_BYTES = 16
const INLINE_BYTES = 12
const POINTER_AT = 8
const { Type } = duckdb

/**
 * Copies a chunk of a DuckDB result into JavaScript values; NULL becomes null, a BLOB a `Uint8Array` of its own.
 *
 * @throws {TypeError} When a column has a type that no question of ours gives.
 */
export function readChunk(chunk: duckdb.DataChunk): SqlChunk {
  const rowCount = duckdb.data_chunk_get_size(chunk)
  const columnCount = duckdb.data_chunk_get_column_count(chunk)
  const columns: ArrayLike<unknown>[] = []
  for (let c = 0; c < columnCount; c++) {
    columns.push(readVector(duckdb.data_chunk_get_vector(chunk, c), rowCount))
  }
  return { rowCount, columns }
}

function readVector(vector: duckdb.Vector, count: number): ArrayLike<unknown> {
  const type = duckdb.get_type_id(duckdb.vector_get_column_type(vector))
  const values = readValues(vector, type, count)
  const validity = duckdb.vector_get_validity(vector, Math.ceil(count / 64) * 8)
  const isNull = (i: number): boolean => (validity![i >>> 3]! & (1 << (i & 7))) === 0
  let first = 0
  while (validity && first < count && !isNull(first)) first++
  if (!validity || first === count) return values
  return Array.from(values, (value, i) => (isNull(i) ? null : value))
}

function readValues(vector: duckdb.Vector, type: duckdb.Type, count: number): ArrayLike<unknown> {
  const read = (width: number): ArrayBuffer => {
    const bytes = duckdb.vector_get_data(vector, count * width)
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  }
  switch (type) {
    case Type.BIGINT:
      return new BigInt64Array(read(8))
    case Type.UBIGINT:
      return new BigUint64Array(read(8))
    case Type.DOUBLE:
      return new Float64Array(read(8))
    case Type.FLOAT:
      return new Float32Array(read(4))
    case Type.INTEGER:
      return new Int32Array(read(4))
    case Type.UINTEGER:
      return new Uint32Array(read(4))
    case Type.SMALLINT:
      return new Int16Array(read(2))
    case Type.USMALLINT:
      return new Uint16Array(read(2))
    case Type.TINYINT:
      return new Int8Array(read(1))
    case Type.UTINYINT:
      return new Uint8Array(read(1))
    case Type.BOOLEAN:
      return Array.from(new Uint8Array(read(1)), (bit) => bit !== 0)
    case Type.VARCHAR:
      return readStrings(vector, count, (bytes, start, end) => bytes.utf8Slice(start, end))
    case Type.BLOB:
      return readStrings(vector, count, (bytes, start, end) => new Uint8Array(bytes.subarray(start, end)))
    case Type.HUGEINT:
      return readHugeIntegers(new BigInt64Array(read(16)))
    default:
      throw new TypeError(
        `a column of a DuckDB result has type ${Type[type] ?? type}, which is not read here`,
      )
  }
}

/** Integers of 128 bits, low half first; sums are such. */
function readHugeIntegers(halves: BigInt64Array): bigint[] {
  return Array.from(
    { length: halves.length / 2 },
    (_, i) => (halves[i * 2 + 1]! << 64n) | BigInt.asUintN(64, halves[i * 2]!),
  )
}

/**
 * Layout of `string_t`: see row-feed.ts. Rows that are NULL hold anything, so they are not looked at. Texts that stand one behind the
 * other, as they mostly do, are asked for at once: each view of foreign memory costs as much as reading a hundred bytes.
 */
function readStrings<T>(
  vector: duckdb.Vector,
  count: number,
  decode: (bytes: StringBuffer, start: number, end: number) => T,
): unknown[] {
  const data = duckdb.vector_get_data(vector, count * STRING_BYTES)
  const validity = duckdb.vector_get_validity(vector, Math.ceil(count / 64) * 8)
  const bytes = asStringBuffer(data)
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const values = new Array<unknown>(count)
  const outside: number[] = []
  for (let i = 0; i < count; i++) {
    if (validity && (validity[i >>> 3]! & (1 << (i & 7))) === 0) {
      values[i] = null
      continue
    }
    const at = i * STRING_BYTES
    const length = view.getUint32(at, true)
    if (length <= INLINE_BYTES) values[i] = decode(bytes, at + 4, at + 4 + length)
    else outside.push(i)
  }
  for (let first = 0; first < outside.length; ) {
    const start = pointerOf(view, outside[first]!)
    let length = 0
    let next = first
    while (next < outside.length && pointerOf(view, outside[next]!) === start + length)
      length += view.getUint32(outside[next++]! * STRING_BYTES, true)
    const pointerAt = data.byteOffset + outside[first]! * STRING_BYTES + POINTER_AT
    const run = asStringBuffer(duckdb.get_data_from_pointer(data.buffer as ArrayBuffer, pointerAt, length))
    for (let from = 0; first < next; first++) {
      const row = outside[first]!
      const end = from + view.getUint32(row * STRING_BYTES, true)
      values[row] = decode(run, from, end)
      from = end
    }
  }
  return values
}

/** Where a text that is not inline stands: an address has 48 bits. */
function pointerOf(view: DataView, row: number): number {
  const at = row * STRING_BYTES + POINTER_AT
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32
}

/** `utf8Slice` is Node's own undocumented part of `toString('utf8', …)`, without its checks. */
type StringBuffer = Buffer & { utf8Slice(start: number, end: number): string }

function asStringBuffer(bytes: Uint8Array): StringBuffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as StringBuffer
}
