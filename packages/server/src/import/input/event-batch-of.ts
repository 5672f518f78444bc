import { type Column, type EventBatch, listMembers, splitElements } from '@timeskein/model'

type Leaf = string | number | boolean | bigint

/** The values of one field, of whatever types, with the row of each. */
interface Entries {
  readonly rows: number[]
  readonly values: Leaf[]
}

/** An event that comes by itself, not out of a file. */
export interface SingleEvent {
  readonly timeUs: bigint
  readonly nanos?: number
  readonly source: Readonly<Record<string, unknown>>
  /** The source as JSON, where its values do not say all of it: names that stand twice, numbers that no double holds. */
  readonly text?: string
}

/**
 * Events as a batch, for those that come singly. Nested values become columns as `Column` says: dotted paths, one entry for each
 * element of an array.
 */
export function makeEventBatch(events: readonly SingleEvent[]): EventBatch {
  const texts: string[] = []
  const leaves = new Map<string, Entries>()
  for (const [row, { source, text }] of events.entries()) {
    texts.push(text ?? JSON.stringify(source))
    if (text === undefined) collectLeaves(source, '', row, leaves)
    else collectExactly(text, '', row, leaves)
  }
  return {
    rowCount: events.length,
    timesUs: BigInt64Array.from(events, ({ timeUs }) => timeUs),
    nanos: events.some(({ nanos }) => nanos) ? Uint16Array.from(events, ({ nanos = 0 }) => nanos) : undefined,
    columns: [...leaves].flatMap(([field, entries]) => makeColumns(field, entries)),
    source: encodeTexts(texts),
    lines: Float64Array.from(events, (_, row) => row + 1),
  }
}

/** What is searched is what is stored: values are taken as `JSON.stringify` writes them. */
function collectLeaves(value: unknown, path: string, row: number, leaves: Map<string, Entries>): void {
  if (value === null) return
  if (Array.isArray(value)) {
    for (const element of value) collectLeaves(element, path, row, leaves)
    return
  }
  if (typeof value === 'object') {
    if (!isPlain(value)) {
      const text = JSON.stringify(value) as string | undefined
      if (text !== undefined) collectLeaves(JSON.parse(text), path, row, leaves)
      return
    }
    for (const [name, inner] of Object.entries(value)) {
      collectLeaves(inner, path === '' ? name : `${path}.${name}`, row, leaves)
    }
    return
  }
  const isLeaf =
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    typeof value === 'bigint' ||
    (typeof value === 'number' && Number.isFinite(value))
  if (isLeaf) addLeaf(value, path, row, leaves)
}

/** As `collectLeaves`, of JSON as text: each of the values that a name has, and integers with all their digits. */
function collectExactly(text: string, path: string, row: number, leaves: Map<string, Entries>): void {
  switch (text[0]) {
    case '{':
      for (const [name, inner] of listMembers(text))
        collectExactly(inner, path === '' ? name : `${path}.${name}`, row, leaves)
      return
    case '[':
      for (const element of splitElements(text)) collectExactly(element, path, row, leaves)
      return
    default:
      collectLeaves(isLongInteger(text) ? BigInt(text) : JSON.parse(text), path, row, leaves)
  }
}

/** Whether it is an integer of 64 bits that a double may not hold. */
function isLongInteger(text: string): boolean {
  return /^-?\d{16,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)
}

function addLeaf(value: Leaf, path: string, row: number, leaves: Map<string, Entries>): void {
  let entries = leaves.get(path)
  if (!entries) {
    entries = { rows: [], values: [] }
    leaves.set(path, entries)
  }
  entries.rows.push(row)
  entries.values.push(value)
}

/** Whether an object is one of JSON, and not a date or another that writes itself. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return (prototype === Object.prototype || prototype === null) && !('toJSON' in value)
}

function makeColumns(field: string, entries: Entries): Column[] {
  const columns: Column[] = []
  const strings = pick(entries, (value) => typeof value === 'string')
  if (strings.values.length > 0) {
    const { bytes, offsets } = encodeTexts(strings.values.map((value) => String(value).toWellFormed()))
    columns.push({ field, kind: 'string', rows: rowsOf(strings), values: { kind: 'string', bytes, offsets } })
  }
  const integers = pick(entries, isInteger)
  if (integers.values.length > 0) {
    const numbers = BigInt64Array.from(integers.values, (value) => BigInt(value))
    columns.push({ field, kind: 'integer', rows: rowsOf(integers), values: { kind: 'integer', numbers } })
  }
  const reals = pick(entries, (value) => typeof value === 'number' && !isInteger(value))
  if (reals.values.length > 0) {
    const numbers = Float64Array.from(reals.values, Number)
    columns.push({ field, kind: 'real', rows: rowsOf(reals), values: { kind: 'real', numbers } })
  }
  const booleans = pick(entries, (value) => typeof value === 'boolean')
  if (booleans.values.length > 0) {
    const bits = Uint8Array.from(booleans.values, Number)
    columns.push({ field, kind: 'boolean', rows: rowsOf(booleans), values: { kind: 'boolean', bits } })
  }
  return columns
}

/** Of 64 bits, as files' integers are: also those that a double holds beyond its exact ones. */
function isInteger(value: Leaf): boolean {
  if (typeof value === 'bigint') return true
  return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 63
}

/** Most fields have values of one type only, which need not be picked out. */
function pick(entries: Entries, is: (value: Leaf) => boolean): Entries {
  if (entries.values.every(is)) return entries
  const places = [...entries.values.keys()].filter((place) => is(entries.values[place]!))
  return {
    rows: places.map((place) => entries.rows[place]!),
    values: places.map((place) => entries.values[place]!),
  }
}

function rowsOf({ rows }: Entries): Uint32Array {
  return Uint32Array.from(rows)
}

/** Texts one after the other in UTF-8, and where each begins; encoded in one go, as each call of an encoder costs more than its work. */
function encodeTexts(texts: readonly string[]): {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly offsets: Uint32Array<ArrayBuffer>
} {
  const joined = texts.join('')
  const bytes = new TextEncoder().encode(joined)
  const isAscii = bytes.length === joined.length
  const offsets = new Uint32Array(texts.length + 1)
  for (const [place, text] of texts.entries())
    offsets[place + 1] = offsets[place]! + (isAscii ? text.length : Buffer.byteLength(text))
  return { bytes, offsets }
}
