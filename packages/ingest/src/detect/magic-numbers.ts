import { Buffer } from 'node:buffer'
import { readTarHeader, TAR_BLOCK_BYTES, TAR_MAGIC_AT } from '../containers/tar-header.ts'

/** Containers that are unpacked. */
export type ContainerKind = 'gzip' | 'zstd' | 'zip' | 'tar'

/** Bytes of a file that `detectContainer` looks at. */
export const CONTAINER_HEAD_BYTES = 512

/** Which container begins with these bytes (RFC 1952; RFC 8878; PKWARE APPNOTE 4.3; POSIX.1-2017, pax). */
export function detectContainer(head: Uint8Array): ContainerKind | undefined {
  if (startsWith(head, '1f8b')) return 'gzip'
  if (
    startsWith(head, '28b52ffd') ||
    (head[0]! >= 0x50 && head[0]! <= 0x5f && startsWith(head.subarray(1), '2a4d18'))
  ) {
    return 'zstd'
  }
  if (startsWith(head, '504b0304') || startsWith(head, '504b0506') || startsWith(head, '504b0708'))
    return 'zip'
  const hasMagic = startsWith(head.subarray(TAR_MAGIC_AT), '7573746172')
  if ((hasMagic || isOldTar(head)) && readTarHeader(Buffer.from(head))) return 'tar'
  return undefined
}

/** Whether it may be the header of a tar archive from before there was a magic number: a name at its beginning, zeros at its end. */
function isOldTar(head: Uint8Array): boolean {
  return (
    head.length >= TAR_BLOCK_BYTES &&
    head[0] !== 0 &&
    head.subarray(TAR_MAGIC_AT, TAR_BLOCK_BYTES).every((byte) => byte === 0)
  )
}

/** Beginnings, in hex, of files that people try to import and that are not read. */
const UNREAD: readonly (readonly [hex: string, name: string])[] = [
  ['53514c69746520666f726d6174203300', 'an SQLite database'],
  ['25504446', 'a PDF document'],
  ['7f454c46', 'an ELF program'],
  ['4d5a', 'a Windows program (PE)'],
  ['d4c3b2a1', 'a packet capture (pcap)'],
  ['a1b2c3d4', 'a packet capture (pcap)'],
  ['0a0d0d0a', 'a packet capture (pcapng)'],
  ['50415231', 'a Parquet file'],
  ['4152524f5731', 'an Arrow file'],
  ['d0cf11e0a1b11ae1', 'an OLE document (Office 97 to 2003, MSI)'],
  ['89504e47', 'a PNG picture'],
  ['ffd8ff', 'a JPEG picture'],
  ['47494638', 'a GIF picture'],
  ['cafebabe', 'a Java class or a macOS program'],
  ['cffaedfe', 'a macOS program'],
  ['4d444d5093a7', 'a Windows crash dump'],
  ['5041474544554d50', 'a Windows memory dump'],
  ['455646090d0aff00', 'an EnCase disk image (E01)'],
  ['efcdab89', 'an ESE database'],
]

/** The same of containers that are not unpacked: any evidence may be in them. */
const PACKED: readonly (readonly [hex: string, name: string])[] = [
  ['425a68', 'a bzip2 file'],
  ['fd377a585a00', 'an xz file'],
  ['377abcaf271c', 'a 7-Zip archive'],
  ['526172211a07', 'a RAR archive'],
]

/** The same of files that are read with others only. */
const READ_WITH_OTHERS: readonly (readonly [hex: string, name: string])[] = [
  ['72656766', 'a transaction log of a Windows registry hive, which is read with the hive beside it'],
  ['377f0682', 'a write-ahead log of an SQLite database, which is read with the database beside it'],
  ['377f0683', 'a write-ahead log of an SQLite database, which is read with the database beside it'],
  ['d9d505f920a163d7', 'a journal of an SQLite database, which is read with the database beside it'],
]

/** What a file is, by its first bytes, where it is a known kind that is read with another file only. */
export function nameCompanion(head: Uint8Array): string | undefined {
  return READ_WITH_OTHERS.find(([hex]) => startsWith(head, hex))?.[1]
}

/** What a file is, by its first bytes, where it is a container that is not unpacked, so that evidence may be lost in it. */
export function nameClosedContainer(head: Uint8Array): string | undefined {
  const found = PACKED.find(([hex]) => startsWith(head, hex))
  if (found) return found[1]
  return startsWith(head.subarray(TAR_MAGIC_AT), '7573746172') ? 'a damaged tar archive' : undefined
}

/** What a file is, by its first bytes, where it is a known kind that is not read. */
export function nameUnreadFormat(head: Uint8Array): string | undefined {
  const packed = nameClosedContainer(head)
  if (packed !== undefined) return packed
  const found = UNREAD.find(([hex]) => startsWith(head, hex))
  if (found) return found[1]
  if (startsWith(head.subarray(4), 'efcdab89')) return 'an ESE database'
  const text = Buffer.from(head.subarray(0, 256)).toString('latin1').trimStart().toLowerCase()
  if (text.startsWith('<!doctype html') || text.startsWith('<html')) return 'an HTML page'
  if (text.startsWith('<?xml') || text.startsWith('<event')) return 'an XML document'
  return undefined
}

function startsWith(bytes: Uint8Array, hex: string): boolean {
  const wanted = Buffer.from(hex, 'hex')
  return bytes.length >= wanted.length && wanted.every((byte, i) => bytes[i] === byte)
}
