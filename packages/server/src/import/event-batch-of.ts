import type { Column, EventBatch } from '@timeskein/model'

type Leaf = string | number | boolean
interface Entry {
  readonly row: number
  readonly value: Leaf
}

/** An event that comes by itself, not out of a file. */
export interface SingleEvent {
  readonly timeUs: bigint
  readonly nanos?: number
  readonly source: Readonly<Record<string, unknown>>
}

/**
 * Events as a batch, for those that come singly. Nested values become columns as `Column` says: dotted paths, one entry for each
 * element of an array.
 */
export function makeEventBatch(...events: readonly SingleEvent[]): EventBatch {
  const encoder = new TextEncoder()
  const sources: Uint8Array[] = []
  const leaves = new Map<string, Entry[]>()
  for (const [row, { source }] of events.entries()) {
    const text = JSON.stringify(source)
    sources.push(encoder.encode(text))
    // Read back from its text, so that what is searched is what is stored (dates, undefined and toJSON are gone).
    collectLeaves(JSON.parse(text), '', row, leaves)
  }
  return {
    rowCount: events.length,
    timesUs: BigInt64Array.from(events, ({ timeUs }) => timeUs),
    nanos: events.some(({ nanos }) => nanos) ? Uint16Array.from(events, ({ nanos = 0 }) => nanos) : undefined,
    columns: [...leaves].flatMap(([field, entries]) => makeColumns(field, entries)),
    source: joinBytes(sources),
    lines: Float64Array.from(events, (_, row) => row + 1),
  }
}

function collectLeaves(value: unknown, path: string, row: number, leaves: Map<string, Entry[]>): void {
  if (value === null || value === undefined) return
  if (Array.isArray(value)) {
    for (const element of value) collectLeaves(element, path, row, leaves)
    return
  }
  if (typeof value === 'object') {
    for (const [name, inner] of Object.entries(value)) {
      collectLeaves(inner, path === '' ? name : `${path}.${name}`, row, leaves)
    }
    return
  }
  const entries = leaves.get(path)
  const entry = { row, value: value as Leaf }
  if (entries) entries.push(entry)
  else leaves.set(path, [entry])
}

function makeColumns(field: string, entries: readonly Entry[]): Column[] {
  const columns: Column[] = []
  const strings: Entry[] = []
  const integers: Entry[] = []
  const reals: Entry[] = []
  const booleans: Entry[] = []
  for (const entry of entries) {
    const { value } = entry
    if (typeof value === 'string') strings.push(entry)
    else if (typeof value === 'boolean') booleans.push(entry)
    else if (Number.isSafeInteger(value)) integers.push(entry)
    else reals.push(entry)
  }
  const rows = (some: readonly Entry[]): Uint32Array => Uint32Array.from(some, ({ row }) => row)
  if (strings.length > 0) {
    const encoder = new TextEncoder()
    const texts = strings.map(({ value }) => encoder.encode(String(value).toWellFormed()))
    columns.push({
      field,
      kind: 'string',
      rows: rows(strings),
      values: { kind: 'string', ...joinBytes(texts) },
    })
  }
  if (integers.length > 0) {
    const numbers = BigInt64Array.from(integers, ({ value }) => BigInt(value))
    columns.push({ field, kind: 'integer', rows: rows(integers), values: { kind: 'integer', numbers } })
  }
  if (reals.length > 0) {
    const numbers = Float64Array.from(reals, ({ value }) => Number(value))
    columns.push({ field, kind: 'real', rows: rows(reals), values: { kind: 'real', numbers } })
  }
  if (booleans.length > 0) {
    const bits = Uint8Array.from(booleans, ({ value }) => Number(value))
    columns.push({ field, kind: 'boolean', rows: rows(booleans), values: { kind: 'boolean', bits } })
  }
  return columns
}

function joinBytes(parts: readonly Uint8Array[]): {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly offsets: Uint32Array<ArrayBuffer>
} {
  const offsets = new Uint32Array(parts.length + 1)
  for (const [place, part] of parts.entries()) offsets[place + 1] = offsets[place]! + part.length
  const bytes = new Uint8Array(offsets[parts.length]!)
  for (const [place, part] of parts.entries()) bytes.set(part, offsets[place]!)
  return { bytes, offsets }
}
