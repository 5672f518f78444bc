import type { Mapping } from '../schemas/mapping.ts'
import type { BatchBuilder } from './batch-builder.ts'
import { joinRowFields } from './row-joins.ts'
import { listRowTags } from './row-tags.ts'

/** Whether rows of a mapping may have to be written otherwise than they stand in the input. */
export function mayRewriteRows({ hasTagTexts, joined }: Mapping): boolean {
  return hasTagTexts === true || joined !== undefined
}

/**
 * Changes the row that is being written as its mapping says: fields are joined, and then tags told apart, as in Timesketch.
 *
 * @param source - Holds the row's JSON text from `start` to `end` (exclusive).
 * @returns The row's JSON text as it is now; undefined where nothing was to be changed.
 */
export function rewriteRow(
  builder: BatchBuilder,
  { hasTagTexts, joined }: Mapping,
  source: Uint8Array,
  start: number,
  end: number,
): Uint8Array | undefined {
  const text = joined && joinRowFields(builder, joined, source, start, end)
  if (!hasTagTexts) return text
  return text
    ? (listRowTags(builder, text, 0, text.length) ?? text)
    : listRowTags(builder, source, start, end)
}
