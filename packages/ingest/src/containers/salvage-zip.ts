import { Buffer } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'
import { isOfEntry, type UnpackingMeter } from './archive-limits.ts'
import { type ContainerEntry, REST_OF_ARCHIVE, refuseEmpty, refuseUnreadable } from './container-entry.ts'
import { FileSource } from './file-source.ts'
import { UnpackedSource } from './unpacked-source.ts'
import { DEFLATED, findZipRefusal, isEmptyContent, openZipEntry } from './zip-entry.ts'

/*
 * Local file header (PKWARE APPNOTE 4.3.7): signature at 0, flags at 6, method at 8, CRC-32 at 14, packed size at 18, name length at 26,
 * extra length at 28, then the name, the extra fields and the content.
 */
const HEADER_BYTES = 30
const MARK = Buffer.from('504b0304', 'hex')
const ENCRYPTED = 1
const SIZES_FOLLOW = 8
const SIZE_ELSEWHERE = 0xffffffff
/** Methods that archives have (4.4.5): a header with another is none. */
const METHODS: ReadonlySet<number> = new Set([0, 1, 6, 8, 9, 12, 14, 20, 93, 95, 96, 97, 98, 99])
const MAX_NAME_BYTES = 4096

/** What a damaged directory gave before its damage. */
export interface DirectoryBeginning {
  /** Where the entries that it gave begin and end; these are passed over. */
  readonly known: ReadonlyMap<number, number>
  /** Entries that it says to have besides, which the meter was told of. */
  readonly countedEntries: number
}

const NO_DIRECTORY: DirectoryBeginning = { known: new Map(), countedEntries: 0 }

/**
 * Goes through the entries of a zip archive whose directory is missing or damaged, by the header in front of each; where none follows,
 * the next one is searched for. The last item says that the archive was not whole.
 *
 * @param problem - Why the directory cannot be read.
 */
export async function* salvageZipEntries(
  file: FileHandle,
  path: string,
  meter: UnpackingMeter,
  problem: string,
  { known, countedEntries }: DirectoryBeginning = NO_DIRECTORY,
): AsyncGenerator<ContainerEntry> {
  let countedLeft = countedEntries
  for (let found = await findHeader(file, 0); found; ) {
    const { header, at } = found
    const end = known.get(at)
    if (end !== undefined) {
      found = await findHeader(file, Math.max(end, at + HEADER_BYTES))
      continue
    }
    let position = at
    if (countedLeft > 0) countedLeft--
    else meter.addEntries(1)
    const flags = header.readUInt16LE(6)
    const method = header.readUInt16LE(8)
    const checksum = header.readUInt32LE(14)
    const packedSize = header.readUInt32LE(18)
    const nameLength = header.readUInt16LE(26)
    const start = position + HEADER_BYTES + nameLength + header.readUInt16LE(28)
    const name = (await readAt(file, position + HEADER_BYTES, nameLength)).toString('utf8')
    const hasSize = (flags & SIZES_FOLLOW) === 0 && packedSize !== SIZE_ELSEWHERE
    const refusal = findZipRefusal((flags & ENCRYPTED) !== 0, name, method)
    if (refusal !== undefined) {
      yield refuseUnreadable(name, refusal)
      position = hasSize ? start + packedSize : start
    } else if (hasSize) {
      const openPacked = (): FileSource => new FileSource(file, true, start, start + packedSize)
      if (!isEmptyContent(packedSize, method)) {
        const facts = { name, method, checksum, packedBytes: packedSize, openPacked }
        yield* openZipEntry(facts, meter.forEntry(`${path}!${name}`))
      } else if (!name.endsWith('/')) yield refuseEmpty(name)
      position = start + packedSize
    } else if (method !== DEFLATED) {
      yield refuseUnreadable(name, 'its end is not known: its size stands behind it')
      position = start
    } else {
      const unpacked = new UnpackedSource(
        new FileSource(file, true, start),
        'deflate',
        meter.forEntry(`${path}!${name}`),
      )
      try {
        yield { kind: 'file', name, source: unpacked }
        await findEnd(unpacked)
      } finally {
        unpacked.close()
      }
      position = start + unpacked.takenBytes
    }
    found = await findHeader(file, position)
  }
  const reason = `the archive is cut off or damaged, so entries behind this place are not known: ${problem}`
  yield refuseUnreadable(REST_OF_ARCHIVE, reason)
}

/** Unpacks what is left of an entry; one that cannot be unpacked to its end ends where that was found out. */
async function findEnd(unpacked: UnpackedSource): Promise<void> {
  const rest = Buffer.allocUnsafe(1 << 16)
  try {
    while ((await unpacked.read(rest, 0)) > 0);
  } catch (error) {
    // Whoever reads the entry meets the same, and tells it.
    if (!isOfEntry(error)) throw error
  }
}

/** The first header of an entry from a place on; the directory's headers are others. */
async function findHeader(
  file: FileHandle,
  from: number,
): Promise<{ readonly header: Buffer; readonly at: number } | undefined> {
  const expected = await readAt(file, from, HEADER_BYTES)
  if (expected.length < HEADER_BYTES) return undefined
  if (expected.indexOf(MARK) === 0) return { header: expected, at: from }
  for (let position = from; ; ) {
    const chunk = await readAt(file, position, SEARCHED_BYTES)
    if (chunk.length < HEADER_BYTES) return undefined
    for (
      let at = chunk.indexOf(MARK);
      at >= 0 && at + HEADER_BYTES <= chunk.length;
      at = chunk.indexOf(MARK, at + 1)
    ) {
      const header = chunk.subarray(at, at + HEADER_BYTES)
      const nameLength = header.readUInt16LE(26)
      if (METHODS.has(header.readUInt16LE(8)) && nameLength <= MAX_NAME_BYTES)
        return { header, at: position + at }
    }
    position += chunk.length - HEADER_BYTES + 1
  }
}

/** Bytes that are searched at once. */
const SEARCHED_BYTES = 64 * 1024

async function readAt(file: FileHandle, position: number, sizeBytes: number): Promise<Buffer> {
  const bytes = Buffer.alloc(sizeBytes)
  const { bytesRead } = await file.read(bytes, 0, sizeBytes, position)
  return bytes.subarray(0, bytesRead)
}
