import { Buffer } from 'node:buffer'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/*
 * A write-ahead log (sqlite.org, "WAL-mode File Format", section 1): a header of 32 bytes with its magic number at 0, the page size at 8,
 * two salts at 16 and the checksum of its first 24 bytes at 24; then frames of a header of 24 bytes, with the salts at 8 and a checksum
 * at 16 that goes on from the one before, and a page. All numbers are big-endian; checksums read words as the magic number's last bit says.
 */
const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
const MAGIC = 0x377f0682
const SALTS_BYTES = 8
const MAX_PAGE_BYTES = 65_536
/** Frames behind the last that was taken in that are looked at. */
const MAX_FRAMES_LOOKED_AT = 16_384
/** Bytes of them whose checksums are looked at, on the thread that asks; of others, and of those behind damage, the headers are. */
const MAX_SUMMED_BYTES = 16 * 1024 * 1024

/** What a write-ahead log has that SQLite does not take in. */
export interface WalRest {
  readonly sentence: string
  /** It is damaged or cut off; else its transaction was not finished, and was never part of the database. */
  readonly isDamaged: boolean
}

/** The bytes of a write-ahead log. */
export interface LogBytes {
  readonly sizeBytes: number
  /** Fills the target with what stands from a place on; the number of bytes there were. */
  read(target: Buffer, position: number): number
}

/**
 * Looks at what stands in a write-ahead log behind the frames that SQLite took in. Frames of an earlier use of the file, which have other
 * salts, are none of it.
 *
 * @param takenFrames - As many as SQLite found valid.
 * @returns Undefined where there is nothing.
 */
export function findWalRest(path: string, takenFrames: number): WalRest | undefined {
  const file = openSync(path, 'r')
  try {
    const sizeBytes = fstatSync(file).size
    const read: LogBytes['read'] = (target, position) => readSync(file, target, 0, target.length, position)
    return readWalRest({ sizeBytes, read }, takenFrames)
  } finally {
    closeSync(file)
  }
}

/** As `findWalRest`. */
export function readWalRest(log: LogBytes, takenFrames: number): WalRest | undefined {
  const header = readAt(log, 0, HEADER_BYTES)
  if (header.every((byte) => byte === 0)) return undefined
  if (isHeader(header)) return walkRest(log, header, takenFrames)
  const sentence =
    'The write-ahead log beside the database (-wal) has no header that is whole; nothing of it was taken in.'
  return { sentence, isDamaged: true }
}

function isHeader(header: Buffer): boolean {
  if (header.length < HEADER_BYTES || (header.readUInt32BE(0) | 1) >>> 0 !== (MAGIC | 1)) return false
  const sum = new Checksum(header, 0, 0)
  sum.add(header.subarray(0, 24))
  const pageBytes = header.readUInt32BE(8)
  return sum.equals(header, 24) && pageBytes >= 512 && pageBytes <= MAX_PAGE_BYTES && pageBytes % 8 === 0
}

function walkRest(log: LogBytes, header: Buffer, takenFrames: number): WalRest | undefined {
  const pageBytes = header.readUInt32BE(8)
  const frameBytes = FRAME_HEADER_BYTES + pageBytes
  const salts = header.subarray(16, 16 + SALTS_BYTES)
  const start = HEADER_BYTES + takenFrames * frameBytes
  const seed = takenFrames === 0 ? header.subarray(24) : readAt(log, start - frameBytes + 16, 8)
  if (seed.length < 8) return undefined
  const sum = new Checksum(header, seed.readUInt32BE(0), seed.readUInt32BE(4))
  const frame = Buffer.alloc(frameBytes)
  const frameHeader = frame.subarray(0, FRAME_HEADER_BYTES)
  let isDamaged = false
  let frames = 0
  for (; frames < MAX_FRAMES_LOOKED_AT; frames++) {
    const position = start + frames * frameBytes
    const isSummed = !isDamaged && (frames + 1) * frameBytes <= MAX_SUMMED_BYTES
    const size = log.read(isSummed ? frame : frameHeader, position)
    if (size === 0) break
    const found = frame.subarray(8, Math.min(8 + SALTS_BYTES, size))
    if (!found.equals(salts.subarray(0, found.length))) break
    if (position + frameBytes > log.sizeBytes) isDamaged = true
    else if (isSummed) {
      sum.add(frame.subarray(0, 8))
      sum.add(frame.subarray(FRAME_HEADER_BYTES))
      isDamaged = !sum.equals(frame, 16)
    }
  }
  return frames === 0 ? undefined : { sentence: describeRest(frames, isDamaged), isDamaged }
}

function describeRest(frames: number, isDamaged: boolean): string {
  const pages =
    frames === 1 ? '1 page' : `${frames}${frames === MAX_FRAMES_LOOKED_AT ? ' or more' : ''} pages`
  const why = isDamaged ? 'it is damaged or cut off there' : 'what they change was not finished'
  return `${pages} at the end of the write-ahead log beside the database (-wal) ${frames === 1 ? 'was' : 'were'} not taken in, since ${why}.`
}

/** The running checksum of a log's frames. */
class Checksum {
  readonly #isBigEndian: boolean
  #first: number
  #second: number

  constructor(header: Buffer, first: number, second: number) {
    this.#isBigEndian = (header.readUInt32BE(0) & 1) === 1
    this.#first = first
    this.#second = second
  }

  /** @param bytes - Whole pairs of words. */
  add(bytes: Buffer): void {
    let first = this.#first
    let second = this.#second
    for (let at = 0; at < bytes.length; at += 8) {
      first = (first + this.#read(bytes, at) + second) >>> 0
      second = (second + this.#read(bytes, at + 4) + first) >>> 0
    }
    this.#first = first
    this.#second = second
  }

  equals(bytes: Buffer, at: number): boolean {
    return bytes.readUInt32BE(at) === this.#first && bytes.readUInt32BE(at + 4) === this.#second
  }

  #read(bytes: Buffer, at: number): number {
    return this.#isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)
  }
}

function readAt(log: LogBytes, position: number, sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes)
  return bytes.subarray(0, log.read(bytes, position))
}
