import type { FileAccess } from '../files/file-access.ts'
import type { ArrowCodec } from '../table/arrow.ts'
import type { ParquetCodec } from '../table/parquet.ts'
import type { Connection } from './connection/connection.ts'

/** What the parts of a client share. */
export interface Client {
  readonly connection: Connection
  readonly arrow: ArrowCodec | undefined
  readonly parquet: ParquetCodec | undefined
  readonly files: FileAccess | undefined
}

/** @throws {TypeError} When no codec was given. */
export function needArrow(codec: ArrowCodec | undefined): ArrowCodec {
  if (codec) return codec
  throw new TypeError('tables need a codec: pass { arrow } with the module @uwdata/flechette')
}

/** @throws {TypeError} When no codec was given. */
export function needParquet(codec: ParquetCodec | undefined): ParquetCodec {
  if (codec) return codec
  throw new TypeError('Parquet files need a codec: pass { parquet } with the module hyparquet-writer')
}
