import { readField, toCellText } from '@timeskein/model'
import type { EventRow } from '../backend/backend.ts'
import type { Effects } from '../effects.ts'
import type { Prose } from './prose.ts'
import { formatTable } from './table.ts'
import { wantsColor } from './wants-color.ts'

const DEFAULT_FIELDS = ['_id', 'datetime', 'timeline', 'message'] as const
/** Cells beyond this are cut before drawing; a table is for reading. */
const MAX_CELL_LENGTH = 2000

/** Draws events as a table for a terminal. */
export function drawEventTable(
  rows: readonly EventRow[],
  fields: readonly string[] | undefined,
  effects: Effects,
): Prose {
  const header = fields ?? DEFAULT_FIELDS
  const cells = rows.map((row) =>
    header.map((field) => toCellText(readField(row, field)).slice(0, MAX_CELL_LENGTH)),
  )
  return formatTable(header, cells, {
    width: effects.columns,
    whole: ['_id'],
    color: wantsColor(effects),
  })
}
