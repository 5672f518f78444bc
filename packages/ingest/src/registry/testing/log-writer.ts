import { Buffer } from 'node:buffer'
import { BASE_BLOCK_BYTES, sumBaseBlock } from '../hive/hive.ts'
import { LOG_HEADER_BYTES } from '../logs/hive-log.ts'
import { hashMarvin32 } from '../logs/marvin32.ts'

/** Bytes of a page of a log: Windows tracks changes in these. */
const PAGE_BYTES = 4096
const SECTOR_BYTES = 512

/**
 * Makes a hive as it stands on the disk while its last changes are in its logs only. For tests.
 *
 * @param sequence - Of the last change that is in the hive.
 */
export function makeDirty(hive: Buffer, sequence = 1): Buffer {
  return withNumbers(hive, sequence + 1, sequence, 0)
}

/**
 * Writes a transaction log as Windows XP to 8 do, with all in which a hive differs from what it was. For tests.
 *
 * @param sequence - Both numbers of its base block.
 */
export function makeOldLog(before: Buffer, after: Buffer, sequence = 2): Buffer {
  const bins = after.subarray(BASE_BLOCK_BYTES)
  const vector = Buffer.alloc(bins.length / SECTOR_BYTES / 8)
  const pages = findChanges(before, after)
  for (const { place } of pages) vector[place / PAGE_BYTES] = 0xff
  const head = Buffer.concat([Buffer.from('DIRT'), vector])
  return Buffer.concat([
    withNumbers(after, sequence, sequence, 1).subarray(0, LOG_HEADER_BYTES),
    head,
    Buffer.alloc(-head.length & (SECTOR_BYTES - 1)),
    ...pages.map(({ bytes }) => bytes),
  ])
}

/**
 * Writes a transaction log as Windows does since 8.1, an entry for each state that a hive went through. For tests.
 *
 * @param states - From what it was to what it became.
 * @param sequence - Of the first entry.
 */
export function makeNewLog(states: readonly Buffer[], sequence = 1): Buffer {
  const entries = states
    .slice(1)
    .map((after, i) =>
      makeEntry(findChanges(states[i]!, after), after.length - BASE_BLOCK_BYTES, sequence + i),
    )
  const base = withNumbers(states.at(-1)!, sequence, sequence, 6)
  return Buffer.concat([base.subarray(0, LOG_HEADER_BYTES), ...entries])
}

/** A page of a hive, by its place in the hive's bins. */
export interface TestPage {
  readonly place: number
  readonly bytes: Buffer
}

/** One entry of a log of the new format with any pages, its hashes right. For tests. */
export function makeEntry(pages: readonly TestPage[], binsBytes: number, sequence: number): Buffer {
  const references = Buffer.alloc(pages.length * 8)
  pages.forEach(({ place, bytes }, i) => {
    references.writeUInt32LE(place, i * 8)
    references.writeUInt32LE(bytes.length, i * 8 + 4)
  })
  const body = Buffer.concat([references, ...pages.map(({ bytes }) => bytes)])
  const header = Buffer.alloc(40)
  const padding = Buffer.alloc(-(header.length + body.length) & (SECTOR_BYTES - 1))
  header.write('HvLE', 0, 'latin1')
  header.writeUInt32LE(header.length + body.length + padding.length, 4)
  header.writeUInt32LE(sequence, 12)
  header.writeUInt32LE(binsBytes, 16)
  header.writeUInt32LE(pages.length, 20)
  writeHash(header, 24, Buffer.concat([body, padding]))
  writeHash(header, 32, header.subarray(0, 32))
  return Buffer.concat([header, body, padding])
}

function writeHash(header: Buffer, at: number, hashed: Buffer): void {
  const [low, high] = hashMarvin32(hashed)
  header.writeUInt32LE(low, at)
  header.writeUInt32LE(high, at + 4)
}

/** A hive with these numbers and this type in its base block. */
export function withNumbers(hive: Buffer, primary: number, secondary: number, type: number): Buffer {
  const copy = Buffer.from(hive)
  copy.writeUInt32LE(primary, 4)
  copy.writeUInt32LE(secondary, 8)
  copy.writeUInt32LE(type, 28)
  copy.writeUInt32LE(sumBaseBlock(copy), 508)
  return copy
}

/** Makes the checksum and all hashes of a log right again, in place: what readers believe is what was changed. */
export function mendLog(log: Buffer): void {
  if (log.length < LOG_HEADER_BYTES) return
  log.writeUInt32LE(sumBaseBlock(log), 508)
  for (let at = LOG_HEADER_BYTES; at + 40 <= log.length; at += SECTOR_BYTES) {
    if (log.toString('latin1', at, at + 4) !== 'HvLE') continue
    const entry = log.subarray(at, at + Math.max(40, log.readUInt32LE(at + 4)))
    writeHash(entry, 24, entry.subarray(40))
    writeHash(entry, 32, entry.subarray(0, 32))
  }
}

function findChanges(before: Buffer, after: Buffer): readonly TestPage[] {
  const pages: TestPage[] = []
  for (let at = BASE_BLOCK_BYTES; at < after.length; at += PAGE_BYTES) {
    const bytes = after.subarray(at, at + PAGE_BYTES)
    if (!bytes.equals(before.subarray(at, at + PAGE_BYTES)))
      pages.push({ place: at - BASE_BLOCK_BYTES, bytes })
  }
  return pages
}
