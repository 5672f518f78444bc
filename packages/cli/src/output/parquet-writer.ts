import type { BasicType } from 'hyparquet-writer'
import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
import { parseEvent, toCellText } from './event-fields.ts'
import type { EventWriter } from './event-writer.ts'

/** One column of a Parquet file. */
export interface ParquetColumn {
  readonly name: string
  readonly type: 'STRING' | 'INT64' | 'DOUBLE' | 'BOOLEAN'
}

/** Rows of one row group; what is gathered in memory at most. */
const GROUP_ROWS = 20_000

/**
 * Writes a Parquet file (format 2, Snappy), one row group for each 20,000 events, so that memory stays flat. A value that does
 * not fit its column's type is left out of it; text columns hold JSON for what is not text.
 */
export function createParquetWriter(path: string, columns: readonly ParquetColumn[]): EventWriter {
  const schema = schemaFromColumnData({
    columnData: columns.map((column) => ({ name: column.name, type: column.type as BasicType, data: [] })),
  })
  const output = fileWriter(path)
  const parquet = new ParquetWriter({ writer: output, schema, createdBy: 'timeskein' })
  let gathered: unknown[][] = columns.map(() => [])
  let rowCount = 0
  const flush = async (): Promise<void> => {
    if (rowCount === 0) return
    await parquet.write({
      columnData: columns.map((column, place) => ({
        name: column.name,
        type: column.type as BasicType,
        data: gathered[place] ?? [],
      })),
      rowGroupSize: GROUP_ROWS,
    })
    gathered = columns.map(() => [])
    rowCount = 0
  }
  return {
    async write(rows) {
      for (const row of rows) {
        const event = parseEvent(row)
        for (const [place, column] of columns.entries())
          gathered[place]?.push(fit(event.get(column.name), column.type))
        rowCount += 1
        if (rowCount === GROUP_ROWS) await flush()
      }
    },
    async end() {
      await flush()
      await parquet.finish()
    },
  }
}

function fit(value: unknown, type: ParquetColumn['type']): unknown {
  if (value === undefined || value === null) return null
  switch (type) {
    case 'STRING':
      return toCellText(value)
    case 'INT64':
      return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : null
    case 'DOUBLE':
      return typeof value === 'number' ? value : null
    case 'BOOLEAN':
      return typeof value === 'boolean' ? value : null
    default:
      return type satisfies never
  }
}
