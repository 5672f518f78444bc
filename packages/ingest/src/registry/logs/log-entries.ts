import type { Buffer } from 'node:buffer'
import { BASE_BLOCK_BYTES } from '../hive/hive.ts'
import { MAX_HIVE_BYTES } from '../limits.ts'
import {
  BIN_BYTES,
  damaged,
  type HiveLog,
  type HiveLoss,
  type HivePage,
  LOG_HEADER_BYTES,
} from './hive-log.ts'
import { hashMarvin32 } from './marvin32.ts'

/*
 * An entry (Maxim Suhanov, "Windows registry file format specification", log entries): "HvLE", its size at 4, flags at 8, sequence
 * number at 12, bytes of hive bins at 16, number of pages at 20, hash of what stands from 40 on at 24, hash of the first 32 bytes
 * at 32; from 40 on place and size of each page, then the pages.
 */
const ENTRY_HEADER_BYTES = 40
const SIGNATURE = 0x454c7648
const SECTOR_BYTES = 512

/** Entries of one log that go on from one another. */
export interface LoggedChanges {
  readonly pages: readonly HivePage[]
  /** Bytes of hive bins and sequence number behind the last entry; undefined where there is none. */
  readonly last: { readonly binsBytes: number; readonly sequence: number } | undefined
  /** Number of the last entry that was ever logged, also where that one is damaged; one before the first where there is none. */
  readonly reach: number
  /** Why the entry of that number cannot be had. */
  readonly loss: HiveLoss | undefined
}

/** Reads a log of the format since Windows 8.1, from its first entry up to the first that is none of its or is damaged. */
export function readLogEntries({ name, bytes, header }: HiveLog): LoggedChanges {
  const pages: HivePage[] = []
  let last: LoggedChanges['last']
  let sequence = header.sequences[0]
  for (let at = LOG_HEADER_BYTES; ; sequence = (sequence + 1) >>> 0) {
    const entry = readEntry(bytes.subarray(at), sequence)
    if (entry === undefined) return { pages, last, reach: (sequence - 1) >>> 0, loss: undefined }
    if ('reason' in entry) {
      const detail = `${name} ends in its entry ${sequence}, at offset ${at}: ${entry.detail}`
      return { pages, last, reach: sequence, loss: { ...entry, detail } }
    }
    for (const page of entry.pages) pages.push(page)
    last = { binsBytes: entry.binsBytes, sequence }
    at += entry.sizeBytes
  }
}

interface LogEntry {
  readonly sizeBytes: number
  readonly binsBytes: number
  readonly pages: readonly HivePage[]
}

/** @returns Undefined where no entry of that number stands: older ones, and what is left of them, may. */
function readEntry(bytes: Buffer, sequence: number): LogEntry | HiveLoss | undefined {
  if (bytes.length < 4 || bytes.readUInt32LE(0) !== SIGNATURE) return undefined
  if (bytes.length < ENTRY_HEADER_BYTES) return damaged('the log is cut off')
  if (!isHash(bytes.subarray(0, 32), bytes, 32)) return damaged('the hash of its header is wrong')
  if (bytes.readUInt32LE(12) !== sequence) return undefined
  const sizeBytes = bytes.readUInt32LE(4)
  if (sizeBytes < SECTOR_BYTES || sizeBytes % SECTOR_BYTES !== 0)
    return damaged(`expected a size in sectors, found ${sizeBytes} bytes`)
  if (sizeBytes > bytes.length)
    return damaged(`the log is cut off: expected ${sizeBytes} bytes, found ${bytes.length}`)
  if (!isHash(bytes.subarray(ENTRY_HEADER_BYTES, sizeBytes), bytes, 24))
    return damaged('the hash of its pages is wrong')
  const binsBytes = bytes.readUInt32LE(16)
  if (binsBytes < BIN_BYTES || binsBytes % BIN_BYTES !== 0)
    return damaged(`it is of a hive of ${binsBytes} bytes, which none has`)
  if (BASE_BLOCK_BYTES + binsBytes > MAX_HIVE_BYTES) {
    const detail = `with it the hive has ${BASE_BLOCK_BYTES + binsBytes} bytes (MAX_HIVE_BYTES)`
    return { reason: 'over-limit', detail }
  }
  const pages = readPages(bytes.subarray(0, sizeBytes), binsBytes)
  return 'reason' in pages ? pages : { sizeBytes, binsBytes, pages }
}

function isHash(hashed: Buffer, bytes: Buffer, at: number): boolean {
  const [low, high] = hashMarvin32(hashed)
  return bytes.readUInt32LE(at) === low && bytes.readUInt32LE(at + 4) === high
}

function readPages(bytes: Buffer, binsBytes: number): readonly HivePage[] | HiveLoss {
  const count = bytes.readUInt32LE(20)
  const pages: HivePage[] = []
  let start = ENTRY_HEADER_BYTES + count * 8
  if (count === 0 || start > bytes.length) return damaged(`it cannot have ${count} pages`)
  for (let i = 0; i < count; i++) {
    const place = bytes.readUInt32LE(ENTRY_HEADER_BYTES + i * 8)
    const sizeBytes = bytes.readUInt32LE(ENTRY_HEADER_BYTES + i * 8 + 4)
    const isWhole = sizeBytes > 0 && sizeBytes % SECTOR_BYTES === 0
    if (!isWhole || place + sizeBytes > binsBytes || start + sizeBytes > bytes.length)
      return damaged(`it has a page of ${sizeBytes} bytes for the place ${place}, which cannot be`)
    pages.push({ at: BASE_BLOCK_BYTES + place, bytes: bytes.subarray(start, start + sizeBytes) })
    start += sizeBytes
  }
  return pages
}
