import type { ExactJson } from '../transport/exact-json.ts'
import { isInt64, toColumnText } from './cell.ts'

// biome-ignore lint/suspicious/noExplicitAny: the module's own types are narrower than what is handed through here
type Options = any

/** The part of the module `hyparquet-writer` that writes files row group by row group; passed in, so that this package needs no other. */
export interface ParquetCodec {
  readonly ByteWriter: new () => { index: number; getBytes(): Uint8Array }
  readonly ParquetWriter: new (options: Options) => { write(options: Options): unknown; finish(): unknown }
  schemaFromColumnData(options: Options): unknown
}

/** A column of a Parquet file. */
export interface ParquetColumn {
  readonly name: string
  readonly type: 'STRING' | 'INT64' | 'DOUBLE' | 'BOOLEAN'
}

/** Writes rows; what is returned is what there is to send on. */
export interface ParquetRows {
  /** @param cells - One for each column. */
  add(cells: readonly (ExactJson | undefined)[]): Promise<Uint8Array | undefined>
  end(): Promise<readonly Uint8Array[]>
}

/** Rows of one row group; what is gathered in memory at most. */
const GROUP_ROWS = 20_000

/** A Parquet file (format 2, Snappy) of rows whose cells have been fitted to their columns. */
export function createParquetRows(codec: ParquetCodec, columns: readonly ParquetColumn[]): ParquetRows {
  const output = new codec.ByteWriter()
  const schema = codec.schemaFromColumnData({
    columnData: columns.map((column) => ({ ...column, data: [] })),
  })
  const parquet = new codec.ParquetWriter({ writer: output, schema, createdBy: 'timeskein' })
  let gathered: unknown[][] = columns.map(() => [])
  const take = (): Uint8Array => {
    const bytes = output.getBytes().slice()
    output.index = 0
    return bytes
  }
  const flush = async (): Promise<Uint8Array> => {
    const columnData = columns.map((column, place) => ({ ...column, data: gathered[place] ?? [] }))
    if ((gathered[0]?.length ?? 0) > 0) await parquet.write({ columnData, rowGroupSize: GROUP_ROWS })
    gathered = columns.map(() => [])
    return take()
  }
  return {
    async add(cells) {
      for (const [place, column] of gathered.entries()) column.push(cells[place] ?? null)
      return (gathered[0]?.length ?? 0) < GROUP_ROWS ? undefined : await flush()
    },
    async end() {
      const last = await flush()
      await parquet.finish()
      return [last, take()]
    },
  }
}

/** A value as a column of this type holds it; undefined when it does not fit. Columns of text take everything. */
export function fitToColumn(value: ExactJson, type: ParquetColumn['type']): ExactJson | undefined {
  if (value === null) return null
  switch (type) {
    case 'STRING':
      return toColumnText(value)
    case 'INT64': {
      const isWhole = typeof value === 'bigint' ? isInt64(value) : Number.isSafeInteger(value)
      return isWhole ? BigInt(value as number | bigint) : undefined
    }
    case 'DOUBLE':
      return typeof value === 'number' ? value : undefined
    case 'BOOLEAN':
      return typeof value === 'boolean' ? value : undefined
    default:
      return type satisfies never
  }
}
