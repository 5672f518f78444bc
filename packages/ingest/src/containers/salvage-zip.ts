import { Buffer } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'
import type { UnpackingMeter } from './archive-limits.ts'
import { type ContainerEntry, REST_OF_ARCHIVE, refuseEmpty, refuseUnreadable } from './container-entry.ts'
import { FileSource } from './file-source.ts'
import { UnpackedSource } from './unpacked-source.ts'
import { DEFLATED, findZipRefusal, isEmptyContent, openZipEntry } from './zip-entry.ts'

/*
 * Local file header (PKWARE APPNOTE 4.3.7): signature at 0, flags at 6, method at 8, CRC-32 at 14, packed size at 18, name length at 26,
 * extra length at 28, then the name, the extra fields and the content.
 */
const HEADER_BYTES = 30
const SIGNATURE = 0x04034b50
const ENCRYPTED = 1
const SIZES_FOLLOW = 8
const SIZE_ELSEWHERE = 0xffffffff
/** Signature, checksum and two sizes of 64 bits that may follow a content (4.3.9). */
const MAX_DESCRIPTOR_BYTES = 24

/**
 * Goes through the entries of a zip archive without a directory, by the header in front of each, as far as they follow
 * each other. The last item says that the archive was not whole.
 *
 * @param problem - Why the directory cannot be read.
 */
export async function* salvageZipEntries(
  file: FileHandle,
  path: string,
  meter: UnpackingMeter,
  problem: string,
): AsyncGenerator<ContainerEntry> {
  let position = 0
  for (;;) {
    const header = await readAt(file, position, HEADER_BYTES)
    if (header.length < HEADER_BYTES || header.readUInt32LE(0) !== SIGNATURE) break
    meter.addEntries(1)
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
      if (!hasSize) break
      position = start + packedSize
    } else if (hasSize) {
      const openPacked = (): FileSource => new FileSource(file, true, start, start + packedSize)
      if (!isEmptyContent(packedSize, method)) {
        yield* openZipEntry({ name, method, checksum, openPacked }, meter.forEntry(`${path}!${name}`))
      } else if (!name.endsWith('/')) yield refuseEmpty(name)
      position = start + packedSize
    } else {
      if (method !== DEFLATED) break
      const unpacked = new UnpackedSource(
        new FileSource(file, true, start),
        'deflate',
        meter.forEntry(`${path}!${name}`),
      )
      try {
        yield { kind: 'file', name, source: unpacked }
        const rest = Buffer.allocUnsafe(1 << 16)
        while ((await unpacked.read(rest, 0)) > 0);
      } finally {
        unpacked.close()
      }
      const after = start + unpacked.takenBytes
      const next = (await readAt(file, after, MAX_DESCRIPTOR_BYTES + 4)).indexOf('PK\x03\x04', 0, 'latin1')
      if (next < 0) break
      position = after + next
    }
  }
  const reason = `the archive is cut off or damaged, so entries behind this place are not known: ${problem}`
  yield refuseUnreadable(REST_OF_ARCHIVE, reason)
}

async function readAt(file: FileHandle, position: number, sizeBytes: number): Promise<Buffer> {
  const bytes = Buffer.alloc(sizeBytes)
  const { bytesRead } = await file.read(bytes, 0, sizeBytes, position)
  return bytes.subarray(0, bytesRead)
}
