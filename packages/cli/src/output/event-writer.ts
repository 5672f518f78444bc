import { createFullCsv, createPickedCsv, nameColumns, readField, visitFields } from '@timeskein/model'
import type { EventRow } from '../backend/backend.ts'
import type { Effects } from '../effects.ts'
import type { EventFormat } from './event-formats.ts'

/** Writes events one page after the other. */
export interface EventWriter {
  write(rows: readonly EventRow[]): Promise<void>
  end(): Promise<void>
}

/** What a writer writes of each event: these fields only, or all, of which these are known beforehand. */
export type FieldChoice =
  | { readonly only: readonly string[] }
  | { readonly all: () => Promise<readonly string[]> }

/** Makes a writer for a format. */
export async function createEventWriter(
  format: EventFormat,
  writeData: Effects['writeData'],
  choice: FieldChoice,
): Promise<EventWriter> {
  switch (format) {
    case 'jsonl':
      return createJsonLinesWriter(writeData, 'only' in choice ? choice.only : undefined)
    case 'csv': {
      const { createCsvWriter } = await import('./csv-writer.ts')
      return createCsvWriter(
        writeData,
        'only' in choice ? createPickedCsv(choice.only) : createFullCsv(await choice.all()),
      )
    }
    case 'arrow': {
      const { createArrowWriter } = await import('./arrow-writer.ts')
      if ('only' in choice) return createArrowWriter(writeData, [...new Set(choice.only)], false)
      return createArrowWriter(writeData, nameColumns(await choice.all()), true)
    }
    default:
      return format satisfies never
  }
}

/** The fields that some events have, in the order they come up. */
export function listFieldsOf(rows: readonly EventRow[]): readonly string[] {
  const names = new Set<string>()
  for (const row of rows) visitFields(row.members, (path) => names.add(path))
  return [...names]
}

/** One event as a JSON object: `_id`, `timeline`, and its own fields with their values as they came. */
export function formatEventJson(row: EventRow, fields: readonly string[] | undefined): string {
  if (fields !== undefined) {
    const members: string[] = []
    for (const field of fields) {
      const json = readField(row, field)
      if (json !== undefined) members.push(`${JSON.stringify(field)}:${json}`)
    }
    return `{${members.join(',')}}`
  }
  const head = `{"_id":${JSON.stringify(row.id)},"timeline":${JSON.stringify(row.timeline)}`
  const { json } = row
  // The usual case first: `{"` begins the text.
  if (json.startsWith('{"')) return `${head},${json.slice(1)}`
  const inner = json.trim().slice(1).trimStart()
  return inner.startsWith('}') ? `${head}}` : `${head},${inner}`
}

function createJsonLinesWriter(
  writeData: Effects['writeData'],
  fields: readonly string[] | undefined,
): EventWriter {
  return {
    async write(rows) {
      let text = ''
      for (const row of rows) text += `${formatEventJson(row, fields)}\n`
      if (text !== '') await writeData(text)
    },
    end: async () => {},
  }
}
