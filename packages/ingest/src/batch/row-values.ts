import type { BatchBuilder } from './batch-builder.ts'

/** A value that a field has in the row being written, as found in one of the field's columns. */
export type RowValue = string | number | bigint

/**
 * Looks up a field's first value in the row that is being written; text first, then integers, then reals.
 *
 * @returns Undefined where the row has no such field, or only empty texts.
 */
export function readRowValue(builder: BatchBuilder, field: string): RowValue | undefined {
  return listRowValues(builder, field).next().value ?? undefined
}

/** All values that a field has in the row that is being written, but for empty texts: texts, then integers, then reals. */
export function* listRowValues(builder: BatchBuilder, field: string): Generator<RowValue, undefined> {
  const { row } = builder
  const strings = builder.findStringColumn(field)
  if (strings) {
    for (let entry = findFirstEntry(strings.rows, strings.count, row); isEntry(strings, entry); entry++) {
      const start = strings.base + strings.offsets[entry]!
      const end = strings.base + strings.offsets[entry + 1]!
      if (end > start) yield decoder.decode(strings.bytes.subarray(start, end))
    }
  }
  const integers = builder.findIntegerColumn(field)
  if (integers) {
    for (let entry = findFirstEntry(integers.rows, integers.count, row); isEntry(integers, entry); entry++) {
      const value = integers.valueAt(entry)
      yield BigInt(Number(value)) === value ? Number(value) : value
    }
  }
  const reals = builder.findRealColumn(field)
  if (reals) {
    for (let entry = findFirstEntry(reals.rows, reals.count, row); isEntry(reals, entry); entry++)
      yield reals.numbers[entry]!
  }
  return undefined
}

/**
 * Number of the first entry of the row that is being written.
 *
 * @param count - Entries in use; those of the row being written are the last ones.
 * @returns -1 where the row has none.
 */
export function findFirstEntry(rows: Uint32Array, count: number, row: number): number {
  let entry = count
  while (entry > 0 && rows[entry - 1] === row) entry--
  return entry === count ? -1 : entry
}

function isEntry({ count }: { readonly count: number }, entry: number): boolean {
  return entry >= 0 && entry < count
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
