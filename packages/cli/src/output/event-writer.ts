import { formatCsvLine } from '@timeskein/model'
import type { EventRow } from '../backend/backend.ts'
import type { Effects } from '../effects.ts'
import { parseEvent, toCellText } from './event-fields.ts'
import type { EventFormat } from './event-formats.ts'

/** Writes events one page after the other. */
export interface EventWriter {
  write(rows: readonly EventRow[]): Promise<void>
  end(): Promise<void>
}

/** Columns of CSV when none are asked for: they must be known before the first row. */
const CSV_FIELDS = [
  '_id',
  'timeline',
  'datetime',
  'timestamp',
  'timestamp_desc',
  'message',
  'data_type',
  'tag',
] as const

/**
 * Makes a writer for a format.
 *
 * @param fields - Only these; left out: all (CSV: the fields every event has, and the rest as JSON in `fields`).
 */
export async function createEventWriter(
  format: EventFormat,
  writeOut: Effects['writeOut'],
  fields: readonly string[] | undefined,
): Promise<EventWriter> {
  switch (format) {
    case 'jsonl':
      return createJsonLinesWriter(writeOut, fields)
    case 'csv':
      return createCsvWriter(writeOut, fields)
    case 'arrow': {
      const { createArrowWriter } = await import('./arrow-writer.ts')
      return createArrowWriter(writeOut, fields ?? CSV_FIELDS)
    }
    default:
      return format satisfies never
  }
}

function createJsonLinesWriter(
  writeOut: Effects['writeOut'],
  fields: readonly string[] | undefined,
): EventWriter {
  const formatRow = (row: EventRow): string => {
    const head = `{"_id":${JSON.stringify(row.id)},"timeline":${JSON.stringify(row.timeline)}`
    if (fields === undefined) {
      const inner = row.json.trim().slice(1, -1).trim()
      return inner === '' ? `${head}}\n` : `${head},${inner}}\n`
    }
    const event = parseEvent(row)
    const picked = fields
      .filter((field) => event.get(field) !== undefined)
      .map((field) => `${JSON.stringify(field)}:${JSON.stringify(event.get(field))}`)
    return `{${picked.join(',')}}\n`
  }
  return {
    write: async (rows) => await writeOut(rows.map(formatRow).join('')),
    end: async () => {},
  }
}

function createCsvWriter(writeOut: Effects['writeOut'], fields: readonly string[] | undefined): EventWriter {
  const header = fields ?? [...CSV_FIELDS, 'fields']
  const known = new Set<string>(CSV_FIELDS)
  let isFirst = true
  const formatRow = (row: EventRow): string => {
    const event = parseEvent(row)
    const cells = (fields ?? CSV_FIELDS).map((field) => toCellText(event.get(field)))
    if (fields === undefined) {
      const rest = event.names
        .filter((name) => !known.has(name))
        .map((name) => `${JSON.stringify(name)}:${JSON.stringify(event.get(name))}`)
      cells.push(`{${rest.join(',')}}`)
    }
    return formatCsvLine(cells)
  }
  const writeHeader = async (): Promise<void> => {
    if (!isFirst) return
    isFirst = false
    await writeOut(formatCsvLine(header))
  }
  return {
    async write(rows) {
      await writeHeader()
      await writeOut(rows.map(formatRow).join(''))
    },
    end: writeHeader,
  }
}
