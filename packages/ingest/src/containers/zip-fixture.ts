import { Buffer } from 'node:buffer'
import { crc32, deflateRawSync } from 'node:zlib'

/** One entry of a zip archive to be made for a test, with whatever is wrong with it. */
export interface ZipFixtureEntry {
  readonly name: string
  readonly content: Uint8Array
  /** What stands in the archive. @default the content, packed by deflate unless `method` says that it is not packed */
  readonly packed?: Uint8Array
  /** General purpose bit 0. @default false */
  readonly isEncrypted?: boolean
  /** Compression method that is written down. @default 8, which the content is packed by */
  readonly method?: number
  /** CRC-32 that is written down. @default that of the content */
  readonly checksum?: number
  /** Size that is written down. @default that of the content */
  readonly sizeBytes?: number
}

/** Makes a zip archive (PKWARE APPNOTE 4.3) with entries that no honest program would write. For tests only. */
export function makeZip(entries: readonly ZipFixtureEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const { name, content, isEncrypted = false, method = 8 } = entry
    const { checksum = crc32(content), sizeBytes = content.length } = entry
    const packed = entry.packed ?? (method === 0 ? content : deflateRawSync(content))
    const nameBytes = Buffer.from(name)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE((isEncrypted ? 1 : 0) | 0x800, 2)
    fields.writeUInt16LE(method, 4)
    fields.writeUInt32LE(checksum, 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(sizeBytes, 18)
    fields.writeUInt16LE(nameBytes.length, 22)
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), fields, nameBytes, packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('504b01021400', 'hex'), fields, tail, nameBytes]))
    parts.push(local)
    offset += local.length
  }
  const directoryBytes = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('504b0506', 'hex')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directoryBytes.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, directoryBytes, end])
}
