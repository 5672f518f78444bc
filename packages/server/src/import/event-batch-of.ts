import type { Column, EventBatch } from '@timeskein/model'

type Leaf = string | number | boolean

/**
 * One event as a batch, for events that come singly. Nested values become columns as `Column` says: dotted paths, one entry
 * for each element of an array.
 */
export function makeEventBatch(event: {
  timeUs: bigint
  nanos?: number
  source: Readonly<Record<string, unknown>>
}): EventBatch {
  const bytes = new TextEncoder().encode(JSON.stringify(event.source))
  const leaves = new Map<string, Leaf[]>()
  // Read back from its text, so that what is searched is what is stored (dates, undefined and toJSON are gone).
  collectLeaves(JSON.parse(new TextDecoder().decode(bytes)), '', leaves)
  return {
    rowCount: 1,
    timesUs: BigInt64Array.of(event.timeUs),
    nanos: event.nanos ? Uint16Array.of(event.nanos) : undefined,
    columns: [...leaves].flatMap(([field, values]) => makeColumns(field, values)),
    source: { bytes, offsets: Uint32Array.of(0, bytes.length) },
    lines: Float64Array.of(1),
  }
}

function collectLeaves(value: unknown, path: string, leaves: Map<string, Leaf[]>): void {
  if (value === null || value === undefined) return
  if (Array.isArray(value)) {
    for (const element of value) collectLeaves(element, path, leaves)
    return
  }
  if (typeof value === 'object') {
    for (const [name, inner] of Object.entries(value)) {
      collectLeaves(inner, path === '' ? name : `${path}.${name}`, leaves)
    }
    return
  }
  const values = leaves.get(path)
  if (values) values.push(value as Leaf)
  else leaves.set(path, [value as Leaf])
}

function makeColumns(field: string, values: readonly Leaf[]): Column[] {
  const columns: Column[] = []
  const rows = (entries: readonly unknown[]): Uint32Array => new Uint32Array(entries.length)
  const strings = values.filter((value) => typeof value === 'string')
  if (strings.length > 0) {
    const texts = strings.map((text) => new TextEncoder().encode(text.toWellFormed()))
    const offsets = new Uint32Array(texts.length + 1)
    for (const [place, text] of texts.entries()) offsets[place + 1] = offsets[place]! + text.length
    const bytes = new Uint8Array(offsets[texts.length]!)
    for (const [place, text] of texts.entries()) bytes.set(text, offsets[place]!)
    columns.push({ field, kind: 'string', rows: rows(strings), values: { kind: 'string', bytes, offsets } })
  }
  const numbers = values.filter((value) => typeof value === 'number')
  const integers = numbers.filter((value) => Number.isSafeInteger(value))
  if (integers.length > 0) {
    const values64 = BigInt64Array.from(integers, BigInt)
    columns.push({
      field,
      kind: 'integer',
      rows: rows(integers),
      values: { kind: 'integer', numbers: values64 },
    })
  }
  const reals = numbers.filter((value) => !Number.isSafeInteger(value))
  if (reals.length > 0) {
    const doubles = Float64Array.from(reals)
    columns.push({ field, kind: 'real', rows: rows(reals), values: { kind: 'real', numbers: doubles } })
  }
  const booleans = values.filter((value) => typeof value === 'boolean')
  if (booleans.length > 0) {
    const bits = Uint8Array.from(booleans, Number)
    columns.push({ field, kind: 'boolean', rows: rows(booleans), values: { kind: 'boolean', bits } })
  }
  return columns
}
