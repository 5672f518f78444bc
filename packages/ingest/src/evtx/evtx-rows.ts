import { Buffer } from 'node:buffer'
import type { RowWriter } from '../batch/row-writer.ts'
import { ROW_START, type TextKernel } from '../batch/text-kernel.ts'
import { JsonRowParser } from '../json/json-row-parser.ts'
import { ChunkContext } from './binxml/chunk-context.ts'
import { toHex } from './bytes.ts'
import { type ChunkHeader, isBlank, readChunkHeader } from './chunk/chunk-header.ts'
import { placeOfChunk } from './chunk/file-header.ts'
import { type ChunkItem, type RecordPlace, searchRecords, walkChunk } from './chunk/walk-chunk.ts'
import { CHUNK_BYTES, CHUNK_HEADER_BYTES, MAX_RECORD_TEXT_BYTES } from './limits.ts'
import { RecordError } from './record-error.ts'
import { RecordWriter } from './record-writer.ts'

/** How the chunks of one event log are read. Plain values: it can be sent to another thread. */
export interface EvtxLayout {
  /** Where the first chunk begins in the file: behind the header, or 0 where chunks stand alone. */
  readonly firstChunkAt: number
  /** Search space that is not in use for records that are left there. */
  readonly carves: boolean
  /** Keep each event's XML, as `xml_string`. */
  readonly keepsXml: boolean
}

/** Something that is worth knowing of a chunk though its records were taken. */
export type EvtxNoteKind =
  | 'header-checksum'
  | 'data-checksum'
  /** Records behind what the chunk's header tells of. */
  | 'unlisted'
  /** Records that were found by carving. */
  | 'recovered'
  /** What looked like a record to carving and could not be read. */
  | 'unreadable-trace'

/** A note with the file offset of its chunk, and how many records it is about. */
export interface EvtxNote {
  readonly kind: EvtxNoteKind
  readonly at: number
  readonly count: number
}

const PARSER_SLACK = 64

/** Reads chunks into a writer's rows: every record is kept, or rejected with its number, its place and the reason. */
export class EvtxRowReader {
  readonly #writer: RowWriter
  readonly #layout: EvtxLayout
  readonly #chunk = new ChunkContext()
  readonly #records: RecordWriter
  /** The memory that the records' texts are written to. */
  readonly #memory: Buffer
  #parser: JsonRowParser
  #notes: EvtxNote[] = []
  #chunkAt = 0

  /** @param kernel - Has room for one row's text; without one, the reader has memory of its own. */
  constructor(writer: RowWriter, layout: EvtxLayout, kernel: TextKernel | undefined) {
    this.#writer = writer
    this.#layout = layout
    this.#parser = new JsonRowParser(writer.builder)
    const bytes = kernel?.bytes ?? new Uint8Array(MAX_RECORD_TEXT_BYTES + PARSER_SLACK)
    this.#memory = Buffer.from(bytes.buffer)
    this.#records = new RecordWriter(bytes, kernel ? ROW_START : 0, { keepsXml: layout.keepsXml })
  }

  /** What has come to notice since the last call. */
  takeNotes(): readonly EvtxNote[] {
    const notes = this.#notes
    this.#notes = []
    return notes
  }

  /**
   * Reads chunks.
   *
   * @param bytes - Whole chunks; the file's last one may be cut.
   * @param firstNumber - Number of the first one in the file, from 0.
   */
  read(bytes: Buffer, firstNumber: number): void {
    for (let i = 0; i * CHUNK_BYTES < bytes.length; i++) {
      this.#chunkAt = placeOfChunk(firstNumber + i, this.#layout.firstChunkAt)
      this.#readChunk(bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES))
    }
  }

  #readChunk(bytes: Buffer): void {
    this.#chunk.start(bytes)
    this.#records.startChunk()
    const header = readChunkHeader(bytes)
    if (header === undefined) {
      this.#passOver(bytes)
      return
    }
    if (!header.isHeaderChecksumRight) this.#note('header-checksum')
    const isCut = bytes.length < CHUNK_BYTES
    if (!header.isDataChecksumRight && !isCut) this.#note('data-checksum')
    this.#readRecords(bytes, header)
  }

  #readRecords(bytes: Buffer, header: ChunkHeader): void {
    const seen = new Set<number>()
    const gaps: (readonly [start: number, end: number])[] = []
    let unlisted = 0
    let end = CHUNK_HEADER_BYTES
    for (const item of walkChunk(bytes, header)) {
      if (item.kind === 'damage') {
        this.#rejectRange(item)
        gaps.push([item.at, item.end])
        end = Math.max(end, item.end)
        continue
      }
      seen.add(item.recordId)
      end = item.at + item.sizeBytes
      if (item.isUnlisted) unlisted++
      const error = this.#keep(item, false)
      if (error) this.#rejectRecord(item, error)
    }
    if (unlisted > 0) this.#note('unlisted', unlisted)
    if (!this.#layout.carves) return
    for (const [start, stop] of [...gaps, [end, bytes.length] as const]) this.#carve(bytes, start, stop, seen)
  }

  /** A chunk without a chunk's header: nothing where it is blank, else a loss, and something to carve in. */
  #passOver(bytes: Buffer): void {
    if (isBlank(bytes, 0, bytes.length)) return
    const isCut = bytes.length < CHUNK_BYTES
    const found =
      isCut && bytes.length < CHUNK_HEADER_BYTES
        ? `the end of the file after ${bytes.length} bytes`
        : bytes.toString('hex', 0, 8)
    const carves = this.#layout.carves
    const advice = carves ? '' : '; records that are left in it are searched for with --carve'
    this.#reject(
      0,
      isCut ? 'truncated' : 'bad-chunk',
      `expected a chunk that begins with 456c6643686e6b00 at offset ${this.#chunkAt} of the file, found ${found}${advice}`,
      { offset: this.#chunkAt, size: bytes.length },
    )
    if (carves) this.#carve(bytes, 0, bytes.length, new Set())
  }

  #carve(bytes: Buffer, start: number, end: number, seen: Set<number>): void {
    let recovered = 0
    let unreadable = 0
    for (const place of searchRecords(bytes, start, end)) {
      if (seen.has(place.recordId)) continue
      if (this.#keep(place, true)) unreadable++
      else {
        recovered++
        seen.add(place.recordId)
      }
    }
    if (recovered > 0) this.#note('recovered', recovered)
    if (unreadable > 0) this.#note('unreadable-trace', unreadable)
  }

  /** @returns Why the record could not be read; undefined when it was kept, or rejected for its time. */
  #keep(place: RecordPlace, isRecovered: boolean): RecordError | undefined {
    if (this.#writer.makeRoom() || this.#parser.isCrowded)
      this.#parser = new JsonRowParser(this.#writer.builder)
    try {
      this.#records.write(this.#chunk, place, isRecovered)
    } catch (error) {
      if (error instanceof RecordError) return error
      throw error
    }
    const memory = this.#memory
    const { start, at: end } = this.#records.text
    this.#parser.parseObject(memory, start, end)
    this.#writer.keepRow(
      toLine(place.recordId),
      memory,
      start,
      end,
      () => this.#parser.parseObject(memory, start, end),
      () => memory.toString('utf8', start, end),
    )
    return undefined
  }

  #rejectRecord({ at, sizeBytes, recordId }: RecordPlace, error: RecordError): void {
    const offset = this.#chunkAt + at
    const bytes = this.#chunk.bytes.toString('base64', at, at + sizeBytes)
    const detail = `record ${recordId} at offset ${offset} (${toHex(offset)}): ${error.message}`
    this.#reject(recordId, error.code, detail, { record: recordId, offset, size: sizeBytes, bytes })
  }

  #rejectRange({ at, end, recordId, isCut, detail }: Extract<ChunkItem, { kind: 'damage' }>): void {
    const offset = this.#chunkAt + at
    const range = { ...(recordId > 0 ? { record: recordId } : {}), offset, size: end - at }
    const where = `offset ${offset} (${toHex(offset)})`
    this.#reject(recordId, isCut ? 'truncated' : 'bad-record', `${where}: ${detail}`, range)
  }

  #reject(
    recordId: number,
    reason: Parameters<RowWriter['rejectRow']>[1],
    detail: string,
    raw: object,
  ): void {
    this.#writer.rejectRow(toLine(recordId), reason, detail, JSON.stringify(raw))
  }

  #note(kind: EvtxNoteKind, count = 1): void {
    this.#notes.push({ kind, at: this.#chunkAt, count })
  }
}

/** Record numbers of 64 bits that no log has reached stand for none: what tells them on holds 53. */
function toLine(recordId: number): number {
  return Number.isSafeInteger(recordId) && recordId > 0 ? recordId : 0
}
