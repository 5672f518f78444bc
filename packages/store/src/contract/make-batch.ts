import type { Column, ColumnKind, EventBatch } from '@timeskein/model'

/** What `makeBatch` reads a time from where the row has neither `datetime` nor `timestamp`: a second apart from here on. */
export const FIRST_ROW_US = 1_704_067_200_000_000n

/**
 * Builds a batch from a few rows written in a test.
 *
 * A row's time is its `datetime` (ISO 8601, up to nanoseconds), else its `timestamp` (integer microseconds), else
 * 2024-01-01T00:00:00Z plus as many seconds as rows stand before it. Nested objects become dotted fields, arrays
 * several values of one field.
 *
 * @param rows - Objects, or the text of JSON objects, which is then kept as the source byte for byte.
 * @param rowsBefore - Rows that stand before these, for times that are counted.
 */
export function makeBatch(rows: readonly (object | string)[], rowsBefore = 0): EventBatch {
  const encoder = new TextEncoder()
  const columns = new Map<string, ColumnDraft>()
  const sources: Uint8Array[] = []
  const timesUs = new BigInt64Array(rows.length)
  const nanos = new Uint16Array(rows.length)
  for (const [row, given] of rows.entries()) {
    const text = typeof given === 'string' ? given : JSON.stringify(given)
    sources.push(encoder.encode(text))
    const event: Record<string, unknown> = JSON.parse(text, keepLargeIntegers)
    const time = readTime(event, rowsBefore + row)
    timesUs[row] = time.us
    nanos[row] = time.nanos
    for (const [name, value] of Object.entries(event)) addValue(columns, name, value, row)
  }
  return {
    rowCount: rows.length,
    timesUs,
    nanos: nanos.some((value) => value > 0) ? nanos : undefined,
    columns: [...columns.values()].map(finishColumn),
    source: joinBytes(sources),
    lines: Float64Array.from(rows, (_, row) => row + 1),
  }
}

interface ColumnDraft {
  readonly field: string
  readonly kind: ColumnKind
  readonly rows: number[]
  readonly values: unknown[]
}

function addValue(columns: Map<string, ColumnDraft>, field: string, value: unknown, row: number): void {
  if (value === null) return
  if (Array.isArray(value)) {
    for (const element of value) addValue(columns, field, element, row)
    return
  }
  if (typeof value === 'object') {
    for (const [name, inner] of Object.entries(value as object))
      addValue(columns, `${field}.${name}`, inner, row)
    return
  }
  const kind = kindOf(value)
  const key = `${kind} ${field}`
  const draft = columns.get(key) ?? { field, kind, rows: [], values: [] }
  columns.set(key, draft)
  draft.rows.push(row)
  draft.values.push(value)
}

/** Integers that a double cannot hold come as bigint. */
function keepLargeIntegers(
  this: unknown,
  _: string,
  value: unknown,
  context?: { readonly source?: string },
): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source ?? ''
  return /^-?\d+$/.test(source) && BigInt.asIntN(64, BigInt(source)) === BigInt(source)
    ? BigInt(source)
    : value
}

function kindOf(value: unknown): ColumnKind {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'bigint') return 'integer'
  return Number.isInteger(value) && Math.abs(value as number) < 2 ** 63 ? 'integer' : 'real'
}

function finishColumn({ field, kind, rows, values }: ColumnDraft): Column {
  return { field, kind, rows: Uint32Array.from(rows), values: packValues(kind, values) }
}

function packValues(kind: ColumnKind, values: readonly unknown[]): Column['values'] {
  switch (kind) {
    case 'string':
      return { kind, ...joinBytes(values.map((value) => new TextEncoder().encode(String(value)))) }
    case 'integer':
      return { kind, numbers: BigInt64Array.from(values, (value) => BigInt(value as number | bigint)) }
    case 'real':
      return { kind, numbers: Float64Array.from(values, Number) }
    case 'boolean':
      return { kind, bits: Uint8Array.from(values, Number) }
  }
}

function joinBytes(parts: readonly Uint8Array[]): { bytes: Uint8Array; offsets: Uint32Array } {
  const offsets = new Uint32Array(parts.length + 1)
  for (const [at, part] of parts.entries()) offsets[at + 1] = offsets[at]! + part.length
  const bytes = new Uint8Array(offsets[parts.length]!)
  for (const [at, part] of parts.entries()) bytes.set(part, offsets[at]!)
  return { bytes, offsets }
}

function readTime(event: Record<string, unknown>, row: number): { us: bigint; nanos: number } {
  const { datetime, timestamp } = { datetime: event['datetime'], timestamp: event['timestamp'] }
  if (typeof datetime === 'string') {
    const fraction = (/\.(\d+)/.exec(datetime)?.[1] ?? '').padEnd(9, '0')
    const seconds = Date.parse(datetime.replace(/\.\d+/, '')) / 1000
    if (Number.isFinite(seconds)) {
      return {
        us: BigInt(seconds) * 1_000_000n + BigInt(fraction.slice(0, 6)),
        nanos: Number(fraction.slice(6, 9)),
      }
    }
  }
  if (typeof timestamp === 'number') return { us: BigInt(timestamp), nanos: 0 }
  return { us: FIRST_ROW_US + BigInt(row) * 1_000_000n, nanos: 0 }
}
