import { formatCsvLine } from '@timeskein/model'
import type { EventRow } from '../backend/backend.ts'
import type { Effects } from '../effects.ts'
import { nameColumns, OTHER_FIELDS, spreadFields } from './event-columns.ts'
import { readField, toCellText } from './event-fields.ts'
import type { EventWriter } from './event-writer.ts'

/** Writes CSV (RFC 4180, UTF-8) with these fields and no others; formulas are neutralised. */
export function createPickedCsvWriter(writeOut: Effects['writeOut'], fields: readonly string[]): EventWriter {
  return createCsvWriter(writeOut, fields, (row) => fields.map((field) => toCellText(readField(row, field))))
}

/**
 * Writes CSV with a column for each field. Fields of objects have dotted names. Nothing is left out: what has no column of its
 * own is in the last one, `other_fields`, as JSON.
 *
 * @param fields - The fields that get columns, beside those every event has.
 */
export function createFullCsvWriter(writeOut: Effects['writeOut'], fields: readonly string[]): EventWriter {
  const names = nameColumns(fields)
  const places = new Map(names.map((name, place) => [name, place]))
  return createCsvWriter(writeOut, [...names, OTHER_FIELDS], (row) => {
    const cells = new Array<string>(names.length + 1).fill('')
    cells[names.length] = spreadFields(row, places, (place, json) => {
      cells[place] = toCellText(json)
      return true
    })
    return cells
  })
}

function createCsvWriter(
  writeOut: Effects['writeOut'],
  header: readonly string[],
  toCells: (row: EventRow) => readonly string[],
): EventWriter {
  let pending = formatCsvLine(header)
  const flush = async (): Promise<void> => {
    const text = pending
    pending = ''
    if (text !== '') await writeOut(text)
  }
  return {
    async write(rows) {
      for (const row of rows) pending += formatCsvLine(toCells(row))
      await flush()
    },
    end: flush,
  }
}
