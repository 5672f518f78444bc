import { Buffer, isUtf8 } from 'node:buffer'
import type { EventBatch, Reject } from '@timeskein/model'
import { RowWriter } from '../batch/row-writer.ts'
import { makeTextKernel, type TextKernel } from '../batch/text-kernel.ts'
import type { UnreadTimes } from '../batch/unread-times.ts'
import { countBadLines } from '../encoding/detect-encoding.ts'
import { readJsonDocuments } from '../json/json-documents.ts'
import { readJsonLines } from '../json/json-lines.ts'
import { JsonRowReader } from '../json/json-row-reader.ts'
import type { JsonLayout, JsonPlace } from '../json/json-walker.ts'
import { flattenEvtxEvent } from '../schemas/flatten-evtx.ts'
import type { Mapping } from '../schemas/mapping.ts'
import { CsvEventReader, type CsvTable } from './csv-event-reader.ts'

/** How the rows of a text are written. */
export type RowFormat =
  | { readonly kind: 'lines' }
  | { readonly kind: 'json'; readonly layout: JsonLayout }
  | ({ readonly kind: 'csv' } & CsvTable)

/** What all stretches of one text have in common. Plain values: it can be sent to another thread. */
export interface StretchSettings {
  readonly format: RowFormat
  readonly mapping: Mapping
  readonly times: 'first' | 'all'
  /** Microseconds since 1970 that times without a year must not lie after. */
  readonly referenceUs?: number
  /** Rows of a batch. @default MAX_BATCH_ROWS */
  readonly maxRows?: number
}

/** Some whole rows of a text, to be read. Plain values: it can be sent to another thread, its buffer transferred. */
export interface StretchJob {
  /** Equal for all stretches of one text, different for others. */
  readonly textId: string
  readonly settings: StretchSettings
  /** UTF-8, the whole of its `ArrayBuffer` being the job's own; begins and ends between two rows. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Line number (1-based) of the first byte. */
  readonly startLine: number
  readonly place: JsonPlace
  /** The text ends with this stretch. */
  readonly isLast: boolean
}

/** What became of a stretch. */
export interface StretchResult {
  /** Batches in the order of the rows; none when no row was kept. */
  readonly batches: readonly EventBatch[]
  readonly rejects: readonly Reject[]
  /** Events made and rows rejected. */
  readonly read: number
  /** Lines with bytes that are no UTF-8, which became U+FFFD. */
  readonly badLines: number
  /** Values of rows kept that should be times and are none, by field. */
  readonly unreadTimes: readonly UnreadTimes[]
}

/**
 * Reads the stretches of one text, in any order; it remembers names and sizes, so that each is quicker than the first.
 * Nothing is shared between readers: several threads have one each.
 */
export class StretchReader {
  readonly #settings: StretchSettings
  readonly #writer: RowWriter
  readonly #json: JsonRowReader
  readonly #csv: CsvEventReader | undefined
  readonly #kernel: TextKernel | undefined

  /** @param kernel - Of the thread; may serve any number of readers, one after the other. */
  constructor(settings: StretchSettings, kernel?: TextKernel) {
    this.#settings = settings
    this.#kernel = kernel
    const { mapping, times, referenceUs, maxRows, format } = settings
    this.#writer = new RowWriter(mapping, {
      times,
      ...(referenceUs === undefined ? {} : { referenceUs }),
      ...(maxRows === undefined ? {} : { maxRows }),
      ...(this.#kernel === undefined ? {} : { kernel: this.#kernel }),
    })
    this.#json = new JsonRowReader(this.#writer, mapping.transform === 'evtx' ? flattenEvtxEvent : undefined)
    this.#csv = format.kind === 'csv' ? new CsvEventReader(this.#writer, format) : undefined
  }

  read(job: Pick<StretchJob, 'bytes' | 'startLine' | 'place' | 'isLast'>): StretchResult {
    const { format } = this.#settings
    const { startLine, place, isLast } = job
    let bytes: Buffer = Buffer.from(job.bytes.buffer, job.bytes.byteOffset, job.bytes.length)
    let badLines = 0
    if (!isUtf8(bytes)) {
      badLines = countBadLines(bytes)
      bytes = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
    }
    const loaded = this.#kernel?.load(bytes)
    if (loaded) {
      bytes = loaded
      // The kernel has a copy, so the job's buffer is free to take the rows' text; that of a CSV's rows is longer.
      if (format.kind !== 'csv') this.#writer.builder.adoptSource(job.bytes)
    }
    if (format.kind === 'lines') {
      readJsonLines(this.#json, bytes, startLine, isLast)
    } else if (format.kind === 'json') {
      readJsonDocuments(this.#json, bytes, format.layout, place, startLine, isLast)
    } else this.#csv!.read(bytes, startLine)
    return { ...this.#writer.harvest(), badLines }
  }
}

/** Texts whose readers are kept by `StretchRunner`. */
const MAX_KEPT_READERS = 4

/** Reads stretches of any texts, keeping the readers of the last few. One for each thread. */
export class StretchRunner {
  readonly #kernel: TextKernel | undefined = makeTextKernel()
  readonly #readers = new Map<string, StretchReader>()

  run(job: StretchJob): StretchResult {
    let reader = this.#readers.get(job.textId)
    if (reader === undefined) {
      reader = new StretchReader(job.settings, this.#kernel)
      const oldest = this.#readers.keys().next()
      if (this.#readers.size >= MAX_KEPT_READERS && !oldest.done) this.#readers.delete(oldest.value)
      this.#readers.set(job.textId, reader)
    }
    return reader.read(job)
  }
}
