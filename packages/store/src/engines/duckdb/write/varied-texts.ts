import { Buffer } from 'node:buffer'
import type { Column } from '@timeskein/model'

/** Texts of a column that are looked at. */
const SAMPLE_TEXTS = 1024
/** So many of them are different where a column has eight times as many different texts, or more. */
const VARIED_SHARE = 15 / 16
/** Fewer different ones are worth a dictionary, whatever other batches have. */
const REPEATED_SHARE = 1 / 2
/** Rows without a text cost more in a column that is not left to DuckDB to compress: most rows must have one. */
const DENSE_SHARE = 1 / 2

/**
 * Whether the texts of a batch's column hardly ever come again, so that a dictionary of them saves nothing: messages, addresses,
 * numbers of sessions.
 *
 * @param rowCount - Rows of the batch.
 */
export function hasVariedTexts(column: Column, rowCount: number): boolean {
  return column.rows.length >= rowCount * DENSE_SHARE && (shareOfDifferent(column) ?? 0) >= VARIED_SHARE
}

/** Whether most texts of a batch's column come again in it. */
export function hasRepeatedTexts(column: Column): boolean {
  const share = shareOfDifferent(column)
  return share !== undefined && share < REPEATED_SHARE
}

/** Of a sample's texts; undefined where a column has too few to tell, or no texts. */
function shareOfDifferent({ rows, values }: Column): number | undefined {
  if (values.kind !== 'string' || rows.length < SAMPLE_TEXTS) return undefined
  const { bytes, offsets } = values
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const step = rows.length / SAMPLE_TEXTS
  const seen = new Set<string>()
  for (let i = 0; i < SAMPLE_TEXTS; i++) {
    const entry = Math.floor(i * step)
    seen.add(all.toString('latin1', offsets[entry]!, offsets[entry + 1]!))
  }
  return seen.size / SAMPLE_TEXTS
}
