import { OTHER_FIELDS, readField, spreadFields, toCellText } from '@timeskein/model'
import { columnFromArray, tableFromColumns, tableToIPC, utf8 } from '@uwdata/flechette'
import type { EventRow } from '../backend/backend.ts'
import type { Effects } from '../effects.ts'
import type { EventWriter } from './event-writer.ts'

/** Rows of one record batch. */
const BATCH_ROWS = 50_000

/**
 * Writes an Arrow IPC stream (Apache Arrow columnar format 1.x): text columns, one record batch for each 50,000 events, so that
 * memory stays flat. Batches follow one schema message and one end marker closes the stream.
 *
 * @param names - Fields that are columns.
 * @param hasOthers - Put what has no column into one of its own, `other_fields`, as JSON.
 */
export function createArrowWriter(
  writeData: Effects['writeData'],
  names: readonly string[],
  hasOthers: boolean,
): EventWriter {
  const fields = hasOthers ? [...names, OTHER_FIELDS] : names
  const places = new Map(names.map((name, place) => [name, place]))
  let columns = emptyColumns(fields)
  let rowCount = 0
  let hasSchema = false
  const flush = async (): Promise<void> => {
    const table = tableFromColumns(
      Object.fromEntries(
        fields.map((field, place) => [field, columnFromArray(columns[place] ?? [], utf8())]),
      ),
    )
    const bytes = tableToIPC(table, { format: 'stream' })
    if (!bytes) throw new Error('the Arrow encoder returned nothing')
    const schemaEnd = hasSchema ? readMessageEnd(bytes) : 0
    await writeData(bytes.subarray(schemaEnd, bytes.length - END_MARKER.length))
    hasSchema = true
    columns = emptyColumns(fields)
    rowCount = 0
  }
  return {
    async write(rows) {
      for (const row of rows) {
        const others = hasOthers ? spreadRow(row, places, columns, rowCount) : pickRow(row, names, columns)
        if (hasOthers) columns[names.length]?.push(others === '' ? null : others)
        rowCount += 1
        if (rowCount === BATCH_ROWS) await flush()
      }
    },
    async end() {
      if (rowCount > 0 || !hasSchema) await flush()
      await writeData(END_MARKER)
    },
  }
}

type TextColumn = (string | null)[]

function pickRow(row: EventRow, names: readonly string[], columns: readonly TextColumn[]): string {
  for (const [place, name] of names.entries()) {
    const json = readField(row, name)
    columns[place]?.push(json === undefined || json === 'null' ? null : toCellText(json))
  }
  return ''
}

function spreadRow(
  row: EventRow,
  places: ReadonlyMap<string, number>,
  columns: readonly TextColumn[],
  rowCount: number,
): string {
  for (let place = 0; place < places.size; place += 1) columns[place]?.push(null)
  return spreadFields(row, places, (place, json) => {
    const column = columns[place]
    if (column && json !== 'null') column[rowCount] = toCellText(json)
    return true
  })
}

/** Continuation indicator and a zero length close a stream (Arrow format, "IPC Streaming Format"). */
const END_MARKER = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])

function emptyColumns(fields: readonly string[]): TextColumn[] {
  return fields.map(() => [])
}

// The first message is the schema: continuation indicator, length of its metadata, metadata; it has no body.
function readMessageEnd(bytes: Uint8Array): number {
  return 8 + new DataView(bytes.buffer, bytes.byteOffset, 8).getInt32(4, true)
}
