import { Buffer, isUtf8 } from 'node:buffer'
import type { BatchSpace, EventBatch, Reject } from '@timeskein/model'
import type { ArtefactLayout } from '../artefacts/artefact-format.ts'
import { ArtefactRowReader } from '../artefacts/artefact-row-reader.ts'
import { RowWriter } from '../batch/row-writer.ts'
import { makeTextKernel, type TextKernel } from '../batch/text-kernel.ts'
import type { TimeNotes } from '../batch/time-notes.ts'
import { countBadLines } from '../encoding/detect-encoding.ts'
import { type EvtxLayout, EvtxRowReader } from '../evtx/evtx-rows.ts'
import { JournalRowReader } from '../journal/journal-row-reader.ts'
import { readJsonDocuments } from '../json/json-documents.ts'
import { readJsonLines } from '../json/json-lines.ts'
import { JsonRowReader } from '../json/json-row-reader.ts'
import type { JsonLayout, JsonPlace } from '../json/json-walker.ts'
import type { LogCarry, LogLayout } from '../logs/core/log-format.ts'
import { LogRowReader } from '../logs/core/log-row-reader.ts'
import { type MftLayout, MftRowReader } from '../mft/mft-rows.ts'
import { type PlasoLayout, PlasoRowReader } from '../plaso/piece/plaso-rows.ts'
import type { Mapping } from '../schemas/mapping.ts'
import { findRecordTransform } from '../schemas/record-transforms.ts'
import { CsvEventReader, type CsvTable } from './csv-event-reader.ts'
import { asReaderFault, rejectForFault } from './reader-fault.ts'

/** How the rows of a file are written. */
export type RowFormat =
  | TextFormat
  | ({ readonly kind: 'evtx' } & EvtxLayout)
  | ({ readonly kind: 'plaso' } & PlasoLayout)
  | { readonly kind: 'journal' }
  | ({ readonly kind: 'mft' } & MftLayout)
  | ({ readonly kind: 'artefact' } & ArtefactLayout)

/** How the rows of a text are written. */
export type TextFormat = TableFormat | ({ readonly kind: 'log' } & LogLayout)

/** How the rows of a text are written that has fields by its form. */
export type TableFormat =
  | { readonly kind: 'lines' }
  | { readonly kind: 'json'; readonly layout: JsonLayout }
  | ({ readonly kind: 'csv' } & CsvTable)

/** What all stretches of one file have in common. Plain values: it can be sent to another thread. */
export interface StretchSettings {
  readonly format: RowFormat
  readonly mapping: Mapping
  readonly times: 'first' | 'all'
  /** Microseconds since 1970 that times without a year must not lie after. */
  readonly referenceUs?: number
  /** Rows of a batch. @default MAX_BATCH_ROWS */
  readonly maxRows?: number
}

/** Some whole rows of a file, to be read. Plain values: it can be sent to another thread, its buffer transferred. */
export interface StretchJob {
  /** Equal for all stretches of one file, different for others. */
  readonly textId: string
  readonly settings: StretchSettings
  /**
   * UTF-8, or what the format is made of; begins and ends between two rows. The whole of its `ArrayBuffer` is the job's own, a
   * `SharedArrayBuffer` only until the job is done.
   */
  readonly bytes: Uint8Array
  /** Line number (1-based) of the first byte; of an event log the number of the first chunk, from 0. */
  readonly startLine: number
  readonly place: JsonPlace
  /** What lines before the stretch say of its own. @default what the format's layout says of the first line */
  readonly carried?: LogCarry
  /** The text ends with this stretch. */
  readonly isLast: boolean
}

type StretchText = Pick<StretchJob, 'bytes' | 'startLine' | 'place' | 'carried' | 'isLast'>

/** What became of a stretch. */
export interface StretchResult {
  /** Batches in the order of the rows; none when no row was kept. */
  readonly batches: readonly EventBatch[]
  readonly rejects: readonly Reject[]
  /** Events made and rows rejected. */
  readonly read: number
  /** Lines with bytes that are no UTF-8, which became U+FFFD. */
  readonly badLines: number
  /** What there is to say of the times of rows kept. */
  readonly timeNotes: readonly TimeNotes[]
  /** What else is worth knowing of the rows, in the format's own terms. */
  readonly notes: readonly StretchNote[]
}

/** Something that came to notice in a stretch; the plan of its file says it in words. */
export interface StretchNote {
  /** In the format's own terms. */
  readonly kind: string
  /** Where the first of them is: a line, or an offset in the file. */
  readonly at: number
  readonly count: number
}

/**
 * Reads the stretches of one file, in any order; it remembers names and sizes, so that each is quicker than the first.
 * Nothing is shared between readers: several threads have one each.
 */
export class StretchReader {
  readonly #settings: StretchSettings
  readonly #writer: RowWriter
  readonly #json: JsonRowReader
  readonly #csv: CsvEventReader | undefined
  readonly #evtx: EvtxRowReader | undefined
  readonly #log: LogRowReader | undefined
  readonly #journal: JournalRowReader | undefined
  readonly #plaso: PlasoRowReader | undefined
  readonly #mft: MftRowReader | undefined
  readonly #artefact: ArtefactRowReader | undefined
  readonly #kernel: TextKernel | undefined

  /**
   * @param kernel - Of the thread; may serve any number of readers, one after the other.
   * @param space - What batches are made in. @default memory of their own
   */
  constructor(settings: StretchSettings, kernel?: TextKernel, space?: BatchSpace) {
    this.#settings = settings
    this.#kernel = kernel
    const { mapping, times, referenceUs, maxRows, format } = settings
    this.#writer = new RowWriter(mapping, {
      times,
      ...(referenceUs === undefined ? {} : { referenceUs }),
      ...(maxRows === undefined ? {} : { maxRows }),
      ...(this.#kernel === undefined ? {} : { kernel: this.#kernel }),
      ...(space === undefined ? {} : { space }),
    })
    this.#json = new JsonRowReader(this.#writer, findRecordTransform(mapping.transform))
    this.#csv = format.kind === 'csv' ? new CsvEventReader(this.#writer, format) : undefined
    this.#evtx = format.kind === 'evtx' ? new EvtxRowReader(this.#writer, format, kernel) : undefined
    this.#journal = format.kind === 'journal' ? new JournalRowReader(this.#writer, kernel) : undefined
    this.#log = format.kind === 'log' ? new LogRowReader(this.#writer, format, kernel) : undefined
    this.#mft = format.kind === 'mft' ? new MftRowReader(this.#writer, format, kernel) : undefined
    this.#artefact =
      format.kind === 'artefact' ? new ArtefactRowReader(this.#writer, format, kernel) : undefined
    this.#plaso = format.kind === 'plaso' ? new PlasoRowReader(this.#writer, format, kernel) : undefined
  }

  read(job: StretchText): StretchResult {
    const { format } = this.#settings
    if (format.kind === 'plaso') {
      this.#plaso!.read(isOwn(job.bytes) ? job.bytes : job.bytes.slice())
      return { ...this.#writer.harvest(), badLines: 0, notes: this.#plaso!.takeNotes() }
    }
    if (format.kind === 'mft' || format.kind === 'artefact') return this.#readArtefact(job)
    if (format.kind !== 'evtx' && format.kind !== 'log' && format.kind !== 'journal')
      return this.#readText(format, job)
    const bytes = Buffer.from(job.bytes.buffer, job.bytes.byteOffset, job.bytes.length)
    if (format.kind === 'journal') {
      this.#journal!.read(bytes, job.startLine, job.isLast)
      return { ...this.#writer.harvest(), badLines: 0, notes: [] }
    }
    if (format.kind === 'log') {
      const badLines = this.#log!.read(bytes, job.startLine, job.carried)
      return { ...this.#writer.harvest(), badLines, notes: this.#log!.takeNotes() }
    }
    this.#evtx!.read(bytes, job.startLine)
    return { ...this.#writer.harvest(), badLines: 0, notes: this.#evtx!.takeNotes() }
  }

  /** What a fault in `read` has left; nothing more is read by this reader. */
  salvage(error: Error, line: number): StretchResult {
    const { reason, detail, raw } = rejectForFault(error, line)
    this.#writer.rejectRow(line, reason, detail, raw)
    return { ...this.#writer.harvest(), badLines: 0, notes: [] }
  }

  #readArtefact(job: StretchText): StretchResult {
    const bytes = Buffer.from(job.bytes.buffer, job.bytes.byteOffset, job.bytes.length)
    this.#mft?.read(bytes, job.startLine)
    this.#artefact?.read(bytes)
    const notes = [...(this.#mft?.takeNotes() ?? []), ...(this.#artefact?.takeNotes() ?? [])]
    return { ...this.#writer.harvest(), badLines: 0, notes }
  }

  #readText(format: TableFormat, job: StretchText): StretchResult {
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
      if (format.kind !== 'csv' && isOwn(job.bytes)) this.#writer.builder.lendSource(job.bytes)
    }
    if (format.kind === 'lines') {
      readJsonLines(this.#json, bytes, startLine, isLast)
    } else if (format.kind === 'json') {
      readJsonDocuments(this.#json, bytes, format.layout, place, startLine, isLast)
    } else this.#csv!.read(bytes, startLine)
    return { ...this.#writer.harvest(), badLines, notes: [] }
  }
}

/** Whether bytes lie in memory that no other thread sees. */
function isOwn(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
}

/** Files whose readers are kept by `StretchRunner`. */
const MAX_KEPT_READERS = 4

/**
 * Reads stretches of any files, keeping the readers of the last few. One for each thread. A fault in a reader takes what is left of
 * the stretch, and is told as a reject.
 */
export class StretchRunner {
  readonly #kernel: TextKernel | undefined = makeTextKernel()
  readonly #readers = new Map<string, StretchReader>()
  readonly #space: BatchSpace | undefined

  /** @param space - What batches are made in. @default memory of their own */
  constructor(space?: BatchSpace) {
    this.#space = space
  }

  run(job: StretchJob): StretchResult {
    let reader = this.#readers.get(job.textId)
    if (reader === undefined) {
      reader = new StretchReader(job.settings, this.#kernel, this.#space)
      const oldest = this.#readers.keys().next()
      if (this.#readers.size >= MAX_KEPT_READERS && !oldest.done) this.#readers.delete(oldest.value)
      this.#readers.set(job.textId, reader)
    }
    try {
      return reader.read(job)
    } catch (error) {
      // What it remembers is not to be trusted any more: rows that it had read would come out with those of the next stretch.
      this.#readers.delete(job.textId)
      const fault = asReaderFault(error)
      if (!fault) throw error
      return reader.salvage(fault, job.startLine)
    }
  }
}
