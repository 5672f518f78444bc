import { columnFromArray, tableFromColumns, tableToIPC, utf8 } from '@uwdata/flechette'
import type { Effects } from '../effects.ts'
import { readField, toCellText } from './event-fields.ts'
import type { EventWriter } from './event-writer.ts'

/** Rows of one record batch. */
const BATCH_ROWS = 50_000

/**
 * Writes an Arrow IPC stream (Apache Arrow columnar format 1.x): text columns, one record batch for each 50,000 events, so that
 * memory stays flat. Batches follow one schema message and one end marker closes the stream.
 */
export function createArrowWriter(writeOut: Effects['writeOut'], fields: readonly string[]): EventWriter {
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
    await writeOut(bytes.subarray(schemaEnd, bytes.length - END_MARKER.length))
    hasSchema = true
    columns = emptyColumns(fields)
    rowCount = 0
  }
  return {
    async write(rows) {
      for (const row of rows) {
        for (const [place, field] of fields.entries()) {
          const json = readField(row, field)
          columns[place]?.push(json === undefined || json === 'null' ? null : toCellText(json))
        }
        rowCount += 1
        if (rowCount === BATCH_ROWS) await flush()
      }
    },
    async end() {
      if (rowCount > 0 || !hasSchema) await flush()
      await writeOut(END_MARKER)
    },
  }
}

/** Continuation indicator and a zero length close a stream (Arrow format, "IPC Streaming Format"). */
const END_MARKER = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])

function emptyColumns(fields: readonly string[]): (string | null)[][] {
  return fields.map(() => [])
}

// The first message is the schema: continuation indicator, length of its metadata, metadata; it has no body.
function readMessageEnd(bytes: Uint8Array): number {
  return 8 + new DataView(bytes.buffer, bytes.byteOffset, 8).getInt32(4, true)
}
