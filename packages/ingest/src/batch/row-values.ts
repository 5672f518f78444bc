import type { BatchBuilder } from './batch-builder.ts'

/** A value that a field has in the row being written, as found in one of the field's columns. */
export type RowValue = string | number | bigint

/**
 * Looks up a field's first value in the row that is being written; text first, then integers, then reals.
 *
 * @returns Undefined where the row has no such field, or only empty texts.
 */
export function readRowValue(builder: BatchBuilder, field: string): RowValue | undefined {
  return listRowValues(builder, field, 1)[0]
}

/**
 * The values that a field has in the row that is being written, but for empty texts: texts, then integers, then reals.
 *
 * @param most - Values that are looked up at most. @default all
 */
export function listRowValues(
  builder: BatchBuilder,
  field: string,
  most: number = Number.POSITIVE_INFINITY,
): readonly RowValue[] {
  const { row } = builder
  const values: RowValue[] = []
  const strings = builder.findStringColumn(field)
  if (strings) {
    const first = findFirstEntry(strings.rows, strings.count, row)
    for (let entry = first; entry >= 0 && entry < strings.count && values.length < most; entry++) {
      const start = strings.base + strings.offsets[entry]!
      const end = strings.base + strings.offsets[entry + 1]!
      if (end > start) values.push(decoder.decode(strings.bytes.subarray(start, end)))
    }
  }
  const integers = builder.findIntegerColumn(field)
  if (integers) {
    const first = findFirstEntry(integers.rows, integers.count, row)
    for (let entry = first; entry >= 0 && entry < integers.count && values.length < most; entry++) {
      const value = integers.valueAt(entry)
      values.push(BigInt(Number(value)) === value ? Number(value) : value)
    }
  }
  const reals = builder.findRealColumn(field)
  if (reals) {
    const first = findFirstEntry(reals.rows, reals.count, row)
    for (let entry = first; entry >= 0 && entry < reals.count && values.length < most; entry++)
      values.push(reals.numbers[entry]!)
  }
  return values
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

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
