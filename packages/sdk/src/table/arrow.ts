import type { ExactJson } from '../transport/exact-json.ts'
import { isInt64, toColumnText } from './cell.ts'

/** A table as `@uwdata/flechette` makes it; the part this package speaks of. */
export interface ArrowTable {
  readonly numRows: number
  readonly numCols: number
  readonly names: readonly string[]
  getChild(name: string): { at(row: number): unknown; toArray(): ArrayLike<unknown> } | undefined
  toArray(): readonly Record<string, unknown>[]
  [Symbol.iterator](): Iterator<Record<string, unknown>>
}

/** The part of the module `@uwdata/flechette` that makes tables; passed in, so that this package needs no other. */
export interface ArrowCodec {
  utf8(): unknown
  int64(): unknown
  float64(): unknown
  bool(): unknown
  list(child: unknown): unknown
  timestamp(unit: typeof MILLISECOND, timeZone: string): unknown
  // biome-ignore lint/suspicious/noExplicitAny: its own types are narrower than what is handed through here
  columnFromArray(values: any[], type: any, options?: { useBigInt?: boolean }): any
  // biome-ignore lint/suspicious/noExplicitAny: as above
  tableFromColumns(columns: any): ArrowTable
}

/** A row of a table that is to be made. */
export type TableRow = Readonly<Record<string, ExactJson | undefined>>

type Kind = 'text' | 'integer' | 'double' | 'flag' | 'texts' | 'time' | 'mixed'

// Flechette's TimeUnit.MILLISECOND; its builder rounds finer ones.
const MILLISECOND = 1

/**
 * An Arrow table of rows: a column for each name, in the order of their first appearance. Rows that lack a name are null there.
 *
 * Columns have the kind of their values: UTF-8, 64-bit integers, doubles, booleans, lists of UTF-8. Values of several kinds, objects
 * and integers beyond 64 bits make a column of text, JSON for what is not text.
 *
 * @param timeColumns - Columns of ISO 8601 texts that become timestamps in milliseconds, UTC.
 */
export function makeArrowTable(
  rows: readonly TableRow[],
  codec: ArrowCodec,
  timeColumns: ReadonlySet<string> = new Set(),
): ArrowTable {
  const kinds = new Map<string, Kind>()
  for (const row of rows)
    for (const [name, value] of Object.entries(row)) {
      const kind = value === null || value === undefined ? undefined : kindOf(value, timeColumns.has(name))
      const before = kinds.get(name)
      if (kind === undefined || before === kind) continue
      kinds.set(name, before === undefined ? kind : join(before, kind))
    }
  const columns = [...kinds].map(([name, kind]) => {
    const values = rows.map((row) => toCell(row[name], kind))
    const useBigInt = kind === 'integer' && values.some((value) => !Number.isSafeInteger(Number(value ?? 0)))
    return [name, codec.columnFromArray(values, toType(kind, codec), { useBigInt })] as const
  })
  return codec.tableFromColumns(Object.fromEntries(columns))
}

function kindOf(value: Exclude<ExactJson, null>, isTime: boolean): Kind {
  switch (typeof value) {
    case 'string':
      return isTime && !Number.isNaN(Date.parse(value)) ? 'time' : 'text'
    case 'boolean':
      return 'flag'
    case 'bigint':
      return isInt64(value) ? 'integer' : 'mixed'
    case 'number':
      return Number.isSafeInteger(value) ? 'integer' : 'double'
    case 'object':
      return Array.isArray(value) && value.every((one) => typeof one === 'string') ? 'texts' : 'mixed'
    default:
      return value satisfies never
  }
}

/** What holds the values of both kinds. */
function join(one: Kind, other: Kind): Kind {
  const both = new Set([one, other])
  if (both.has('integer') && both.has('double')) return 'double'
  return both.has('time') && both.has('text') ? 'text' : 'mixed'
}

function toCell(value: ExactJson | undefined, kind: Kind): unknown {
  if (value === null || value === undefined) return null
  if (kind === 'integer') return BigInt(value as number | bigint)
  if (kind === 'double') return Number(value)
  if (kind === 'time') return Date.parse(String(value))
  return kind === 'mixed' ? toColumnText(value) : value
}

function toType(kind: Kind, codec: ArrowCodec): unknown {
  switch (kind) {
    case 'text':
    case 'mixed':
      return codec.utf8()
    case 'integer':
      return codec.int64()
    case 'double':
      return codec.float64()
    case 'flag':
      return codec.bool()
    case 'texts':
      return codec.list(codec.utf8())
    case 'time':
      return codec.timestamp(MILLISECOND, 'UTC')
    default:
      return kind satisfies never
  }
}
