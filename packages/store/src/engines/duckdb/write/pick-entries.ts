import type { Column } from '@timeskein/model'

/** Some entries of a column, by number, ascending, in buffers of their own. */
export function pickEntries(column: Column, entries: Uint32Array): Column {
  const { rows, values } = column
  const pickedRows = Uint32Array.from(entries, (entry) => rows[entry]!)
  return { field: column.field, kind: column.kind, rows: pickedRows, values: pickValues(values, entries) }
}

function pickValues(values: Column['values'], entries: Uint32Array): Column['values'] {
  switch (values.kind) {
    case 'string':
      return { kind: 'string', ...pickText(values, entries) }
    case 'integer':
      return { kind: 'integer', numbers: BigInt64Array.from(entries, (entry) => values.numbers[entry]!) }
    case 'real':
      return { kind: 'real', numbers: Float64Array.from(entries, (entry) => values.numbers[entry]!) }
    case 'boolean':
      return { kind: 'boolean', bits: Uint8Array.from(entries, (entry) => values.bits[entry]!) }
  }
}

/** Pieces of text of a text column, by number, put together anew. Neighbours are copied in one go. */
export function pickText(
  { bytes, offsets }: { readonly bytes: Uint8Array; readonly offsets: Uint32Array },
  entries: Uint32Array,
): { bytes: Uint8Array<ArrayBuffer>; offsets: Uint32Array<ArrayBuffer> } {
  const picked = new Uint32Array(entries.length + 1)
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i]!
    picked[i + 1] = picked[i]! + offsets[entry + 1]! - offsets[entry]!
  }
  const text = new Uint8Array(picked[entries.length]!)
  let i = 0
  while (i < entries.length) {
    let end = i + 1
    while (end < entries.length && entries[end] === entries[end - 1]! + 1) end++
    text.set(bytes.subarray(offsets[entries[i]!]!, offsets[entries[end - 1]! + 1]!), picked[i]!)
    i = end
  }
  return { bytes: text, offsets: picked }
}
