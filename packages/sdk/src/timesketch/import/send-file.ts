import { isApiError } from '../../errors/api-error.ts'
import { ImportError } from '../../errors/import-error.ts'
import type { ExactJson } from '../../transport/exact-json.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { type Timeline, toTimeline } from '../timelines/timeline.ts'
import { readMeta, readObject } from '../wire/envelope.ts'
import { readOptionalText } from '../wire/record.ts'
import type { ImportProgress } from './import-account.ts'
import { checkIndexName } from './index-name.ts'

/** How a file is sent as it is. */
export interface SendFileOptions extends CallOptions {
  /** Its ending says what it is: csv, jsonl, plaso. */
  readonly fileName: string
  /** @default the file's name without its ending */
  readonly timeline?: string | undefined
  readonly indexName?: string | undefined
  /** @default 'Timeskein SDK' */
  readonly provider?: string | undefined
  readonly context?: string | undefined
  /** Timelines of one sketch with the same label share an index. @default the file's ending */
  readonly dataLabel?: string | undefined
  /** Of CSV. @default ',' */
  readonly delimiter?: string | undefined
  /**
   * For CSV and JSON lines without Timesketch's own columns: which stand for them. One gets another name, several are joined to a text
   * (`host:web1 | what:logon | `); `null` makes a column of the default value, which counts nowhere else.
   */
  readonly headersMapping?: readonly {
    readonly target: string
    readonly source: readonly string[] | null
    readonly default_value?: string
  }[]
  /** Which events of a Plaso file are taken; an expression of Plaso's. */
  readonly plasoEventFilter?: string | undefined
  /** Bytes of one request. @default 32 MiB */
  readonly chunkBytes?: number | undefined
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined
  /** Goes on where a sending of the same file stopped. */
  readonly resume?: FileCheckpoint | undefined
}

/** Where the sending of a file can go on. */
export interface FileCheckpoint {
  /** Names the file on the server while it is incomplete. */
  readonly uploadId: string
  /** Chunks that have arrived. */
  readonly chunks: number
  readonly chunkBytes: number
}

const DEFAULT_PROVIDER = 'Timeskein SDK'
const DEFAULT_CHUNK_BYTES = 32 * 1024 * 1024

/**
 * Sends a file whole; what is in it the server finds out. Chunks before the last may be sent again, they only write bytes to their
 * place; the last one begins the import and is sent once.
 *
 * @throws {ImportError} With the checkpoint to go on from.
 */
export async function sendFile(
  connection: Connection,
  sketchId: number,
  file: Blob,
  options: SendFileOptions,
): Promise<{ readonly timeline: Timeline; readonly taskId: string | undefined }> {
  if (options.indexName !== undefined) checkIndexName(options.indexName)
  const { resume } = options
  const chunkBytes = resume?.chunkBytes ?? options.chunkBytes ?? DEFAULT_CHUNK_BYTES
  const total = Math.max(1, Math.ceil(file.size / chunkBytes))
  const uploadId = resume?.uploadId ?? crypto.randomUUID().replaceAll('-', '')
  let answer: ExactJson = null
  for (let chunk = Math.min(resume?.chunks ?? 0, total - 1); chunk < total; chunk += 1) {
    const offset = chunk * chunkBytes
    const form = (): FormData => {
      const data = new FormData()
      for (const [name, value] of Object.entries(toFields(sketchId, file, options))) data.set(name, value)
      if (total > 1) {
        data.set('chunk_index', String(chunk))
        data.set('chunk_byte_offset', String(offset))
        data.set('chunk_total_chunks', String(total))
        data.set('chunk_index_name', uploadId)
      }
      data.set('file', file.slice(offset, offset + chunkBytes), options.fileName)
      return data
    }
    const isLast = chunk === total - 1
    try {
      answer = await connection.json({ method: 'POST', path: '/upload/', form, isQuestion: !isLast }, options)
    } catch (error) {
      const uncertain = isLast && !(isApiError(error) && error.status < 500)
      const checkpoint: FileCheckpoint = { uploadId, chunks: chunk, chunkBytes }
      throw new ImportError(
        checkpoint,
        { settledRows: 0, uncertainRows: uncertain ? 1 : 0 },
        { cause: error },
      )
    }
    options.onProgress?.({ done: Math.min(offset + chunkBytes, file.size), total: file.size, unit: 'bytes' })
  }
  return { timeline: toTimeline(readObject(answer)), taskId: readOptionalText(readMeta(answer), 'task_id') }
}

function toFields(sketchId: number, file: Blob, options: SendFileOptions): Record<string, string> {
  const { fileName } = options
  const dot = fileName.lastIndexOf('.')
  const fields = {
    name: options.timeline ?? (dot > 0 ? fileName.slice(0, dot) : fileName),
    sketch_id: String(sketchId),
    total_file_size: String(file.size),
    provider: options.provider ?? DEFAULT_PROVIDER,
    context: options.context ?? fileName,
    data_label: options.dataLabel ?? fileName.slice(dot + 1).toLowerCase(),
    index_name: options.indexName,
    delimiter: options.delimiter,
    headersMapping: options.headersMapping && JSON.stringify(options.headersMapping),
    plaso_event_filter: options.plasoEventFilter,
  }
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  )
}
