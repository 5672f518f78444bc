import type { CsvLayoutOptions } from '../csv/csv-layout.ts'
import type { FormatterDefinition } from '../plaso/message/definition.ts'
import type { MappingOptions } from '../schemas/mapping.ts'
import type { StretchBuffers } from './stretch-buffers.ts'

/** How evidence is read; everything left out is found out. */
export interface ReadOptions extends MappingOptions {
  /** Name of the text's encoding. @default by byte order mark or NUL pattern, else UTF-8 */
  readonly encoding?: string
  /** Take texts for this format. @default by content */
  readonly format?: 'csv' | 'jsonl' | 'json'
  readonly csv?: CsvLayoutOptions
  /** Year of the first line of a text whose times have none. @default by the file's time of change */
  readonly year?: number
  /** Search space of a binary file that is not in use for records that are left there; they have `recovered: true`. @default false */
  readonly carve?: boolean
  /** Keep the XML of each Windows event, as `xml_string`. @default false */
  readonly keepXml?: boolean
  /** Formatters that messages of Plaso's events are made by; a function is asked when a storage file is read. @default those of this package */
  readonly formatters?:
    | readonly FormatterDefinition[]
    | (() => Promise<readonly FormatterDefinition[] | undefined>)
  /** A database of message resources (winevt-rc) for messages of Windows events in Plaso's storage files. @default none */
  readonly messageResources?: string
  /** An event filter of Plaso: only events of storage files that match are read. @default all */
  readonly plasoFilter?: string
  /** Keep events of Plaso's storage files that are equal to others, which psort leaves out. @default false */
  readonly keepDuplicates?: boolean
  /** Rows of a batch. @default MAX_BATCH_ROWS */
  readonly maxRows?: number
  /** Bytes of text that are read at once, by one thread. @default STRETCH_BYTES */
  readonly stretchBytes?: number
  /** What stretches of long texts are read into. @default memory of their own */
  readonly buffers?: StretchBuffers
  /** Read only the first stretch of each text, for a look at it; the account then has no SHA-256. @default false */
  readonly beginningOnly?: boolean
  /** Folder for streams that have to be read from their end, until they are read. @default the system's for temporary files */
  readonly spoolDirectory?: string
  /** Stops reading; what was begun is let go. */
  readonly signal?: AbortSignal
  /** Told after each read how much of the input, as it stands on disk, has been taken in. */
  readonly onProgress?: (progress: ReadProgress) => void
}

/** How far reading is. */
export interface ReadProgress {
  readonly path: string
  /** Bytes as they stand on disk. */
  readonly bytesDone: number
  /** Undefined for streams. */
  readonly bytesTotal: number | undefined
}
