import { formatCsvLine } from '@timeskein/model'
import type { EventRow } from '../backend/backend.ts'
import type { Effects } from '../effects.ts'
import { readField, toCellText, visitFields } from './event-fields.ts'
import type { EventWriter } from './event-writer.ts'

/** Columns that every event has something for; they come first. */
export const BASE_COLUMNS = [
  '_id',
  'timeline',
  'datetime',
  'timestamp',
  'timestamp_desc',
  'message',
  'tag',
] as const

/** Most columns of a table of all fields; what is rarer stands in the last column. */
export const MAX_CSV_COLUMNS = 1000
/** The last column of a table of all fields: JSON of what has no column. */
export const OTHER_FIELDS = 'other_fields'

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
  const names = [...new Set<string>([...BASE_COLUMNS, ...fields])].slice(0, MAX_CSV_COLUMNS)
  const places = new Map(names.map((name, place) => [name, place]))
  return createCsvWriter(writeOut, [...names, OTHER_FIELDS], (row) => {
    const cells = new Array<string>(names.length + 1).fill('')
    cells[0] = row.id
    cells[1] = row.timeline
    let others = ''
    visitFields(row.members, (path, json) => {
      const place = places.get(path)
      if (place === undefined) others += `${others === '' ? '{' : ','}${JSON.stringify(path)}:${json}`
      else cells[place] = toCellText(json)
    })
    if (others !== '') cells[names.length] = `${others}}`
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
