import { Buffer } from 'node:buffer'
import { isCalendarSeconds } from '../time/calendar-seconds.ts'
import type { UnpackingMeter } from './archive-limits.ts'
import { type ByteSource, fillFrom } from './byte-source.ts'
import {
  type ContainerEntry,
  findNameProblem,
  REST_OF_ARCHIVE,
  refuseEmpty,
  refuseSpecial,
  refuseUnreadable,
  type SpecialKind,
} from './container-entry.ts'
import { copyText, shortenText } from './own-text.ts'
import { TarHardLinks } from './tar-hard-links.ts'
import { isLongName, MAX_NAME_BYTES, readTarHeader, TAR_BLOCK_BYTES, type TarHeader } from './tar-header.ts'

/** Bytes of a long name or of pax attributes that are read; longer ones are damage. */
const MAX_ATTRIBUTE_BYTES = 1024 * 1024
/** Characters of names that are told in reasons and of those that are too long. */
const SHOWN_LENGTH = 200

/** What pax attributes (POSIX.1-2017, pax, "pax Extended Header") or GNU's long names say of the entries behind them. */
interface Attributes {
  readonly name?: string
  readonly linkName?: string
  readonly sizeBytes?: number
  readonly changedSeconds?: number
  /** The content has holes that stand elsewhere (GNU). */
  readonly isSparse?: boolean
}

/**
 * Goes through the files of a tar archive (POSIX ustar and pax, GNU, and the older form without a magic number). Folders are passed
 * over; links, devices and pipes are refused.
 *
 * @param source - Read to its end, entry by entry.
 * @param openAt - Opens bytes of the archive once more; left out where they come only once.
 * @throws {ArchiveLimitError} When there are more entries than `MAX_ARCHIVE_ENTRIES`.
 */
export async function* readTarEntries(
  source: ByteSource,
  meter: UnpackingMeter,
  openAt?: (start: number, end: number) => ByteSource,
): AsyncGenerator<ContainerEntry> {
  const links = new TarHardLinks()
  yield* readEntries(source, meter, links, openAt)
  yield* links.tellRest()
}

async function* readEntries(
  source: ByteSource,
  meter: UnpackingMeter,
  links: TarHardLinks,
  openAt: ((start: number, end: number) => ByteSource) | undefined,
): AsyncGenerator<ContainerEntry> {
  const block = Buffer.alloc(TAR_BLOCK_BYTES)
  let position = 0
  let forAll: Attributes = {}
  let forNext: Attributes = {}
  for (;;) {
    const sizeBytes = await fillFrom(source, block)
    if (sizeBytes === TAR_BLOCK_BYTES && isBlank(block)) break
    const header = sizeBytes < TAR_BLOCK_BYTES ? undefined : readTarHeader(block)
    if (header === undefined) {
      const reason =
        sizeBytes < TAR_BLOCK_BYTES
          ? 'the archive is cut off: it has no end mark'
          : 'what stands where the next header should is none, so entries behind this place are not known'
      yield refuseUnreadable(REST_OF_ARCHIVE, reason)
      return
    }
    meter.addEntries(1)
    position += TAR_BLOCK_BYTES
    if ('gxXLK'.includes(header.type)) {
      position += padSize(header.sizeBytes)
      const content = await readAttributes(source, header)
      if (content === undefined) {
        yield refuseUnreadable(
          REST_OF_ARCHIVE,
          'the archive is cut off or damaged in the attributes of an entry',
        )
        return
      }
      if (header.type === 'g') forAll = { ...forAll, ...parsePax(content) }
      else if (header.type === 'x' || header.type === 'X') forNext = { ...forNext, ...parsePax(content) }
      else if (header.type === 'L') forNext = { ...forNext, name: readLongName(content) }
      else if (header.type === 'K') forNext = { ...forNext, linkName: readLongName(content) }
      continue
    }
    const entry = { ...header, ...forAll, ...forNext }
    if (!ACCESS_TYPES.includes(entry.type)) forNext = {}
    const contentBytes = isFile(entry) ? entry.sizeBytes : header.sizeBytes
    const content = new TarContent(source, contentBytes)
    const start = position
    position += padSize(contentBytes)
    const special = SPECIAL_TYPES[entry.type]
    if (isLongName(entry.name)) {
      if (isFile(entry) || !isPassed(entry)) yield refuseLongName(entry.name)
    } else if (isFile(entry))
      yield describeEntry(entry, content, openAt && (() => openAt(start, start + contentBytes)))
    else if (special === 'hard-link') yield* links.tell(shortenName(entry.name), entry.linkName)
    else if (special !== undefined) yield refuseSpecial(shortenName(entry.name), special)
    else if (!isPassed(entry)) yield describeUnknown(entry)
    if (isFile(entry) && !isLongName(entry.name)) links.addFile(entry.name)
    await content.pass()
    if (content.truncation !== undefined) {
      yield refuseUnreadable(
        REST_OF_ARCHIVE,
        `the archive is cut off in ${shortenText(entry.name, SHOWN_LENGTH)}`,
      )
      return
    }
  }
  if (source.truncation !== undefined) yield refuseUnreadable(REST_OF_ARCHIVE, source.truncation)
}

/** Types of entries without content of their own (POSIX.1-2017, pax, "ustar Interchange Format", typeflag). */
const SPECIAL_TYPES: Readonly<Record<string, SpecialKind>> = {
  '1': 'hard-link',
  '2': 'symbolic-link',
  '3': 'device',
  '4': 'device',
  '6': 'pipe',
}

/** Folders, also those that are marked as files and end in a slash, lists of what is in one, and names of volumes (GNU). */
const PASSED_TYPES = '057SDV'

/** Access control lists and extended attributes of the entry behind them (Solaris, whose pax attributes are `X`). */
const ACCESS_TYPES = 'AE'

function isPassed({ type }: TarHeader): boolean {
  return PASSED_TYPES.includes(type) || ACCESS_TYPES.includes(type)
}

/** Tells of an entry that is none of these: it may be a file. */
function describeUnknown({ name, type }: TarHeader): ContainerEntry {
  const what =
    type === 'M'
      ? 'it begins in another volume of the archive'
      : `its type ${JSON.stringify(type)} is not known`
  return refuseUnreadable(shortenName(name), what)
}

function refuseLongName(name: string): ContainerEntry {
  const reason = `its name has more than ${MAX_NAME_BYTES} bytes (MAX_NAME_BYTES)`
  return refuseUnreadable(shortenText(name, SHOWN_LENGTH), reason)
}

/** A name without the folder that the archive was made in. */
function shortenName(name: string): string {
  return name.replace(/^(?:\.\/)+/, '')
}

/** A regular file, also as older and contiguous ones are marked; GNU's sparse files are told by themselves. */
function isFile({ type, name }: TarHeader): boolean {
  return '07S'.includes(type) && !name.endsWith('/')
}

function describeEntry(
  entry: TarHeader & Attributes,
  content: TarContent,
  openAgain: (() => ByteSource) | undefined,
): ContainerEntry {
  const { sizeBytes, changedSeconds, type } = entry
  const name = shortenName(entry.name)
  const problem = findNameProblem(name)
  if (problem !== undefined) return refuseUnreadable(name, problem)
  if (type === 'S' || entry.isSparse) return refuseUnreadable(name, 'it is stored with holes (GNU sparse)')
  if (sizeBytes === 0) return refuseEmpty(name)
  const changedUs = isCalendarSeconds(changedSeconds) ? changedSeconds * 1e6 : undefined
  const file: ContainerEntry = { kind: 'file', name, source: content, sizeBytes, changedUs }
  return openAgain ? { ...file, reopen: () => ({ source: openAgain(), close() {} }) } : file
}

/** The content of one entry, and the padding behind it. */
class TarContent implements ByteSource {
  readonly #source: ByteSource
  readonly #sizeBytes: number
  #left: number
  #isCut = false

  constructor(source: ByteSource, sizeBytes: number) {
    this.#source = source
    this.#sizeBytes = sizeBytes
    this.#left = sizeBytes
  }

  get truncation(): string | undefined {
    return this.#isCut
      ? (this.#source.truncation ?? `the archive ends ${this.#left} bytes too early`)
      : undefined
  }

  async read(target: Buffer, offset: number): Promise<number> {
    if (this.#left === 0 || this.#isCut) return 0
    const end = Math.min(target.length, offset + this.#left)
    const size = await this.#source.read(target.subarray(0, end), offset)
    if (size === 0) this.#isCut = true
    this.#left -= size
    return size
  }

  /** Reads what is left of it, and the padding up to the next header. */
  async pass(): Promise<void> {
    const rest = Buffer.allocUnsafe(64 * 1024)
    while ((await this.read(rest, 0)) > 0);
    if (this.#isCut) return
    await fillFrom(this.#source, rest.subarray(0, padSize(this.#sizeBytes) - this.#sizeBytes))
  }
}

/** Bytes of a content with what it is padded by. */
function padSize(sizeBytes: number): number {
  return Math.ceil(sizeBytes / TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES
}

async function readAttributes(source: ByteSource, { sizeBytes }: TarHeader): Promise<string | undefined> {
  if (sizeBytes > MAX_ATTRIBUTE_BYTES) return undefined
  const padded = Buffer.alloc(padSize(sizeBytes))
  if ((await fillFrom(source, padded)) < padded.length) return undefined
  return padded.toString('utf8', 0, sizeBytes)
}

/** Ends where its first zero stands. */
function readLongName(content: string): string {
  const end = content.indexOf('\0')
  return end < 0 ? content : copyText(content.slice(0, end))
}

/** Records `LENGTH NAME=VALUE\n`, the length in bytes of the whole record. */
function parsePax(text: string): Attributes {
  let attributes: Attributes = {}
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(0x20, at)
    const sizeBytes = blank < 0 ? Number.NaN : Number(bytes.toString('latin1', at, blank))
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes <= blank - at) break
    const [name = '', ...rest] = bytes.toString('utf8', blank + 1, at + sizeBytes - 1).split('=')
    attributes = { ...attributes, ...readPaxRecord(name, rest.join('=')) }
    at += sizeBytes
  }
  return attributes
}

function readPaxRecord(name: string, value: string): Attributes {
  if (name === 'path' || name === 'GNU.sparse.name') return { name: value }
  if (name === 'linkpath') return { linkName: value }
  if (name === 'size' && /^\d{1,15}$/.test(value)) return { sizeBytes: Number(value) }
  if (name === 'mtime' && Number.isFinite(Number(value))) return { changedSeconds: Number(value) }
  return name.startsWith('GNU.sparse.') ? { isSparse: true } : {}
}

function isBlank(block: Buffer): boolean {
  return block.every((byte) => byte === 0)
}
