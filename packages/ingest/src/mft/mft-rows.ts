import type { Buffer } from 'node:buffer'
import { type ArtefactRecord, ArtefactSink } from '../artefacts/artefact-sink.ts'
import { FileTimeFields } from '../artefacts/file-time-field.ts'
import type { RowWriter } from '../batch/row-writer.ts'
import type { TextKernel } from '../batch/text-kernel.ts'
import type { StretchNote } from '../pipeline/stretch.ts'
import { FolderReferences } from './folder-references.ts'
import {
  type AttributePlace,
  DATA,
  DOS_NAMESPACE,
  type EntryHeader,
  FILE_NAME,
  fixEntry,
  hasWholeName,
  readEntryHeader,
  readName,
  STANDARD_INFORMATION,
  walkAttributes,
} from './mft-entry.ts'

/** How the entries of one $MFT are read. Plain values. */
export interface MftLayout {
  readonly entryBytes: number
  /** Where the table stands in its collection. */
  readonly inside?: string | undefined
}

/** What happened at the times of an entry, in the order in which they stand. */
const TIME_DESCRIPTIONS = [
  'Creation Time',
  'Content Modification Time',
  'Metadata Modification Time',
  'Last Access Time',
] as const

/** What stands in front of a piece's entries: the length of a JSON object of folder paths by reference, then that object. */
export const PATHS_LENGTH_BYTES = 4

/** Reads entries of a $MFT into a writer's rows: one for $STANDARD_INFORMATION, one for each $FILE_NAME. */
export class MftRowReader {
  readonly #sink: ArtefactSink
  readonly #layout: MftLayout
  readonly #times = new FileTimeFields()
  #folders = new FolderReferences(new Map())

  constructor(writer: RowWriter, layout: MftLayout, kernel: TextKernel | undefined) {
    this.#layout = layout
    this.#sink = new ArtefactSink(writer, kernel, [], layout.inside)
  }

  takeNotes(): readonly StretchNote[] {
    return this.#sink.takeNotes()
  }

  /**
   * Reads whole entries.
   *
   * @param piece - Paths and entries, see `PATHS_LENGTH_BYTES`; the file's last entry may be cut.
   * @param firstNumber - Number of the first entry.
   */
  read(piece: Buffer, firstNumber: number): void {
    const pathsEnd = PATHS_LENGTH_BYTES + piece.readUInt32LE(0)
    const paths: Readonly<Record<string, string>> = JSON.parse(
      piece.toString('utf8', PATHS_LENGTH_BYTES, pathsEnd),
    )
    this.#folders = new FolderReferences(new Map(Object.entries(paths)))
    const { entryBytes } = this.#layout
    for (let at = pathsEnd, number = firstNumber; at < piece.length; at += entryBytes, number++) {
      const bytes = piece.subarray(at, at + entryBytes)
      if (bytes.length < entryBytes) {
        const detail = `expected an entry of ${entryBytes} bytes, found the end of the file after ${bytes.length}`
        this.#sink.reject(number, 'truncated', detail, number * entryBytes, bytes)
      } else this.#readEntry(bytes, number)
    }
  }

  #readEntry(bytes: Buffer, number: number): void {
    const place = number * this.#layout.entryBytes
    const state = fixEntry(bytes)
    if (state === 'empty') return
    if (state === 'bad') {
      const found = bytes.toString('hex', 0, 4)
      const detail = `expected an entry ("FILE") whose sectors are of one write, found ${found}`
      this.#sink.reject(number, 'bad-record', detail, place, bytes)
      return
    }
    const header = readEntryHeader(bytes)
    const owner = header.baseEntry === 0 ? number : header.baseEntry
    const hints: string[] = []
    const streams: string[] = []
    let information: AttributePlace | undefined
    const attributes = walkAttributes(bytes, header)
    let next = attributes.next()
    for (; !next.done; next = attributes.next()) {
      const attribute = next.value
      if (attribute.type === STANDARD_INFORMATION && attribute.dataEnd - attribute.dataAt >= 36) {
        information = attribute
      } else if (attribute.type === FILE_NAME && hasWholeName(bytes, attribute)) {
        const { dataAt } = attribute
        const { reference: parent, path } = this.#folders.read(bytes, dataAt)
        const name = readName(bytes, dataAt)
        const hint = number === 5 ? ROOT_PATH : `${path}${name}`
        if (bytes[dataAt + 65] !== DOS_NAMESPACE) hints.push(hint)
        this.#keepName(bytes, dataAt, { number: owner, header, name, parent, hint })
      } else if (attribute.type === DATA) {
        const length = bytes[attribute.at + 9]!
        const start = attribute.at + bytes.readUInt16LE(attribute.at + 10)
        streams.push(bytes.toString('utf16le', start, start + length * 2))
      }
    }
    if (next.value !== undefined) {
      const detail = `the attributes of entry ${number} break off at byte ${next.value} of it`
      this.#sink.reject(number, 'bad-record', detail, place, bytes)
    }
    if (information) this.#keepInformation(bytes, information.dataAt, { number, header, hints, streams })
  }

  #keepName(
    bytes: Buffer,
    at: number,
    entry: { number: number; header: EntryHeader; name: string; parent: string; hint: string },
  ): void {
    const { number, header, name, parent, hint } = entry
    this.#keep(bytes, at + 8, {
      number,
      header,
      path: hint,
      attribute: '$FILE_NAME',
      attribute_type: 48,
      name,
      flags: bytes.readUInt32LE(at + 56),
      file_size: readSize(bytes, at + 48),
      parent,
      path_hints: [hint],
    })
  }

  #keepInformation(
    bytes: Buffer,
    at: number,
    entry: { number: number; header: EntryHeader; hints: readonly string[]; streams: readonly string[] },
  ): void {
    const { number, header, hints, streams } = entry
    const isPlain = streams.length === 0 || (streams.length === 1 && streams[0] === '')
    const paths = isPlain
      ? hints
      : hints.flatMap((hint) => streams.map((stream) => (stream === '' ? hint : `${hint}:${stream}`)))
    this.#keep(bytes, at, {
      number,
      header,
      path: hints[0] ?? '',
      attribute: '$STANDARD_INFORMATION',
      attribute_type: 16,
      name: undefined,
      flags: bytes.readUInt32LE(at + 32),
      file_size: undefined,
      parent: undefined,
      path_hints: paths.length === 0 ? undefined : paths,
    })
  }

  /** Keeps an event for each different time of an attribute, whose four times begin at `timesAt`. */
  #keep(bytes: Buffer, timesAt: number, found: FoundAttribute): void {
    const { number, header, path } = found
    const { sequence, baseSequence, isUsed, isFolder } = header
    const reference = `${number}-${header.baseEntry === 0 ? sequence : baseSequence}`
    const times = this.#readTimes(bytes, timesAt)
    const moments = listMoments(times)
    this.#sink.keepEach(number, moments.length === 0 ? UNDATED : moments, {
      message: `${path === '' ? `entry ${reference}` : path}${isUsed ? '' : ' (deleted)'} [${found.attribute}]`,
      filename: path === '' ? undefined : path,
      file_reference: reference,
      inode: String(number),
      is_allocated: isUsed,
      file_entry_type: isFolder ? 'directory' : 'file',
      attribute_type: found.attribute_type,
      name: found.name,
      file_attribute_flags: found.flags,
      file_size: found.file_size,
      parent_file_reference: found.parent,
      path_hints: found.path_hints,
      creation_time: times[0],
      modification_time: times[1],
      entry_modification_time: times[2],
      access_time: times[3],
    })
  }

  /** The four times; equal ones, as most are, are written once. */
  #readTimes(bytes: Buffer, at: number): readonly (string | undefined)[] {
    const times: (string | undefined)[] = []
    let [low, high] = [-1, -1]
    for (let i = 0; i < TIME_DESCRIPTIONS.length; i++) {
      const [lowBefore, highBefore] = [low, high]
      low = bytes.readUInt32LE(at + i * 8)
      high = bytes.readUInt32LE(at + i * 8 + 4)
      times.push(low === lowBefore && high === highBefore ? times[i - 1] : this.#times.write(low, high))
    }
    return times
  }
}

/** An attribute with times, as it stands in an entry. */
interface FoundAttribute {
  readonly number: number
  readonly header: EntryHeader
  readonly path: string
  readonly attribute: string
  readonly attribute_type: number
  readonly name: string | undefined
  readonly flags: number
  readonly file_size: number | undefined
  readonly parent: string | undefined
  readonly path_hints: readonly string[] | undefined
}

/** What happened at a time, by the times of an entry that are the same: bit 0 for the first. */
const DESCRIPTIONS: readonly string[] = Array.from({ length: 1 << TIME_DESCRIPTIONS.length }, (_, bits) =>
  TIME_DESCRIPTIONS.filter((_time, i) => (bits & (1 << i)) !== 0).join('; '),
)

/** Each different time, with all that happened then. */
function listMoments(times: readonly (string | undefined)[]): readonly ArtefactRecord[] {
  const moments: ArtefactRecord[] = []
  let told = 0
  for (let i = 0; i < times.length; i++) {
    const datetime = times[i]
    if (datetime === undefined || (told & (1 << i)) !== 0) continue
    let same = 1 << i
    for (let other = i + 1; other < times.length; other++) if (times[other] === datetime) same |= 1 << other
    told |= same
    moments.push({ datetime, timestamp_desc: DESCRIPTIONS[same]! })
  }
  return moments
}

/** As `ArtefactSink` shows what has no time. */
const UNDATED: readonly ArtefactRecord[] = [
  { datetime: '1970-01-01T00:00:00.0000000Z', timestamp_desc: 'Not a time' },
]

const ROOT_PATH = '\\'

/** A size of 64 bits; those beyond 53 bits are none that a disk has. */
function readSize(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at)
}
