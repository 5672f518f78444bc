import { OTHER_FIELDS, readField, spreadFields, toCellText } from '@timeskein/model'
import type { BasicType } from 'hyparquet-writer'
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
import type { Effects } from '../effects.ts'
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
 * not fit its column's type, and a field without a column, is in the last column, `other_fields`, as JSON; text columns hold JSON
 * for what is not text.
 *
 * @param hasOthers - Whether there is a column `other_fields`.
 */
export function createParquetWriter(
  writeData: Effects['writeData'],
  fields: readonly ParquetColumn[],
  hasOthers: boolean,
): EventWriter {
  const columns: readonly ParquetColumn[] = hasOthers
    ? [...fields, { name: OTHER_FIELDS, type: 'STRING' }]
    : fields
  const places = new Map(fields.map((field, place) => [field.name, place]))
  const schema = schemaFromColumnData({
    columnData: columns.map((column) => ({ name: column.name, type: column.type as BasicType, data: [] })),
  })
  const output = new ByteWriter()
  const parquet = new ParquetWriter({ writer: output, schema, createdBy: 'timeskein' })
  let gathered: unknown[][] = columns.map(() => [])
  let rowCount = 0
  const send = async (): Promise<void> => {
    // A copy: the receiver may hold on to it while the buffer takes the next group.
    await writeData(output.getBytes().slice())
    output.index = 0
  }
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
    await send()
  }
  return {
    async write(rows) {
      for (const row of rows) {
        for (const column of gathered) column.push(null)
        const put = (place: number, json: string): boolean => {
          const value = fit(json, fields[place]?.type ?? 'STRING')
          const column = gathered[place]
          if (column) column[rowCount] = value
          return value !== null || json === 'null'
        }
        if (hasOthers) {
          const others = spreadFields(row, places, put)
          const last = gathered[fields.length]
          if (last && others !== '') last[rowCount] = others
        } else for (const [place, field] of fields.entries()) put(place, readField(row, field.name) ?? 'null')
        rowCount += 1
        if (rowCount === GROUP_ROWS) await flush()
      }
    },
    async end() {
      await flush()
      await parquet.finish()
      await send()
    },
  }
}

const INT64_LIMIT = 2n ** 63n

/** Digits that a double keeps. */
const DOUBLE_DIGITS = 17

function fit(json: string, type: ParquetColumn['type']): unknown {
  if (json === 'null') return null
  switch (type) {
    case 'STRING':
      return toCellText(json)
    case 'INT64': {
      if (!/^-?\d{1,19}$/.test(json)) return null
      const value = BigInt(json)
      return value >= -INT64_LIMIT && value < INT64_LIMIT ? value : null
    }
    case 'DOUBLE':
      return /^[-\d]/.test(json) && json.length <= DOUBLE_DIGITS ? Number(json) : null
    case 'BOOLEAN':
      return json === 'true' || json === 'false' ? json === 'true' : null
    default:
      return type satisfies never
  }
}
