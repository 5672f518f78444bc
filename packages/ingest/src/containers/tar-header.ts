import { Buffer } from 'node:buffer'

/** Bytes of a header and of the blocks that contents are padded to. */
export const TAR_BLOCK_BYTES = 512

/** Bytes of an entry's name; one with a longer one is refused by itself, and no link leads there. */
export const MAX_NAME_BYTES: number = 32 * 1024

/** Where "ustar" stands in a header (POSIX.1-1988 and GNU alike). */
export const TAR_MAGIC_AT = 257

/*
 * Header (POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format"): name at 0 (100 bytes), size at 124 (12),
 * time of last change at 136 (12), checksum at 148 (8), type at 156, name of what is linked to at 157 (100), "ustar" at 257, its
 * version at 263, prefix of the name at 345 (155; POSIX only). Numbers are octal digits, or big-endian with the first bit set (GNU).
 */

/** One header of a tar archive. */
export interface TarHeader {
  readonly name: string
  readonly sizeBytes: number
  /** Seconds since 1970. */
  readonly changedSeconds: number
  /** One character: `0` a file, `5` a folder, `L` a long name (GNU), `x` attributes of the next entry (pax) … */
  readonly type: string
  /** What a link points to. */
  readonly linkName: string
}

/**
 * Reads a header.
 *
 * @param block - 512 bytes.
 * @returns Undefined when they are no header: the checksum is wrong, or a number is none.
 */
export function readTarHeader(block: Buffer): TarHeader | undefined {
  if (readNumber(block, 148, 8) !== sumHeader(block)) return undefined
  const sizeBytes = readNumber(block, 124, 12)
  if (sizeBytes === undefined) return undefined
  const isPosix = block.toString('latin1', TAR_MAGIC_AT, TAR_MAGIC_AT + 6) === 'ustar\0'
  const prefix = isPosix ? readText(block, 345, 155) : ''
  const name = readText(block, 0, 100)
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    sizeBytes,
    changedSeconds: readNumber(block, 136, 12) ?? 0,
    type: String.fromCharCode(block[156] || 0x30),
    linkName: readText(block, 157, 100),
  }
}

/** Whether a name has more than `MAX_NAME_BYTES`; takes no longer for one of megabytes, which attributes may give to every entry. */
export function isLongName(name: string): boolean {
  return name.length > MAX_NAME_BYTES || Buffer.byteLength(name) > MAX_NAME_BYTES
}

/** The sum of a header's bytes, its checksum counting as blanks. */
export function sumHeader(block: Buffer): number {
  let sum = 0
  for (let at = 0; at < TAR_BLOCK_BYTES; at++) sum += at >= 148 && at < 156 ? 0x20 : block[at]!
  return sum
}

function readText(block: Buffer, start: number, sizeBytes: number): string {
  const end = block.indexOf(0, start)
  return block.toString('utf8', start, end < 0 ? start + sizeBytes : Math.min(end, start + sizeBytes))
}

function readNumber(block: Buffer, start: number, sizeBytes: number): number | undefined {
  if (block[start]! & 0x80) {
    let value = block[start]! & 0x7f
    for (let at = start + 1; at < start + sizeBytes; at++) value = value * 256 + block[at]!
    return Number.isSafeInteger(value) ? value : undefined
  }
  const digits = block
    .toString('latin1', start, start + sizeBytes)
    .replace(/\0[\s\S]*$/, '')
    .trim()
  if (digits === '') return 0
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined
}
