import { Buffer } from 'node:buffer'
import { readU32, readU64AsDouble, toHex } from '../bytes.ts'
import { CHUNK_BYTES, CHUNK_HEADER_BYTES, MIN_RECORD_BYTES } from '../limits.ts'
import { type ChunkHeader, isBlank } from './chunk-header.ts'

/** What a walk over a chunk comes upon. Offsets count from the chunk's beginning. */
export type ChunkItem =
  | {
      readonly kind: 'record'
      readonly at: number
      readonly sizeBytes: number
      readonly recordId: number
      /** Behind what the chunk's header says it holds, with the id that follows: written after the header was. */
      readonly isUnlisted: boolean
    }
  | {
      /** Bytes that hold no record that can be found. */
      readonly kind: 'damage'
      readonly at: number
      readonly end: number
      /** The record that should be there, as far as its neighbours tell; 0 when they do not. */
      readonly recordId: number
      readonly isCut: boolean
      readonly detail: string
    }

/** Where a record of a chunk stands. */
export type RecordPlace = Extract<ChunkItem, { kind: 'record' }>

const RECORD_MAGIC = Buffer.from([0x2a, 0x2a, 0, 0])

/**
 * Walks over the records of a chunk. Where none stands in the place of one, it searches for the next and tells what it passed
 * over; where records end before the chunk's header says, it tells that.
 *
 * @param chunk - The chunk, or as much of it as there is.
 */
export function* walkChunk(chunk: Buffer, header: ChunkHeader): Generator<ChunkItem> {
  const { firstRecordId, lastRecordId, isHeaderChecksumRight } = header
  const isCut = chunk.length < CHUNK_BYTES
  const dataEnd =
    header.freeSpaceAt < CHUNK_HEADER_BYTES ? CHUNK_HEADER_BYTES : Math.min(header.freeSpaceAt, chunk.length)
  let at = CHUNK_HEADER_BYTES
  let lastId = firstRecordId - 1
  let isListed = true
  while (isListed && at < dataEnd) {
    if (isRecord(chunk, at, chunk.length)) {
      const recordId = readU64AsDouble(chunk, at + 8)
      const sizeBytes = readU32(chunk, at + 4)
      yield { kind: 'record', at, sizeBytes, recordId, isUnlisted: false }
      lastId = recordId
      isListed = recordId !== lastRecordId
      // A size that its copy denies may be wrong itself: then the next record is nearer, or further away.
      const isSure = hasSizeCopy(chunk, at, sizeBytes) || isRecord(chunk, at + sizeBytes, chunk.length)
      at += isSure ? sizeBytes : MIN_RECORD_BYTES
      if (isSure || !isListed) continue
      const next = findRecord(chunk, at, dataEnd, header)
      if (next === undefined) break
      at = next
      continue
    }
    const next = findRecord(chunk, at + 1, dataEnd, header)
    if (next === undefined && isBlank(chunk, at, dataEnd)) break
    const end = next ?? dataEnd
    const nextId = next === undefined ? lastRecordId + 1 : readU64AsDouble(chunk, next + 8)
    yield describeDamage(chunk, { at, end, lastId, nextId, isCut: isCut && next === undefined })
    if (next === undefined) return
    lastId = nextId - 1
    at = next
  }
  if (isListed && isHeaderChecksumRight && lastId < lastRecordId && firstRecordId <= lastRecordId) {
    yield {
      kind: 'damage',
      at,
      end: at,
      recordId: lastId + 1,
      isCut,
      detail: `the chunk's header tells of ${nameRecords(lastId + 1, lastRecordId)}, which ${isCut ? 'lay behind the end of the file' : 'are not in the chunk'}`,
    }
    return
  }
  yield* walkUnlisted(chunk, at, lastId)
}

/** Records that follow the last listed one without a gap: the log was cut off before the header was written again. */
function* walkUnlisted(chunk: Buffer, start: number, lastListedId: number): Generator<ChunkItem> {
  let at = start
  for (let recordId = lastListedId + 1; isSureRecord(chunk, at, chunk.length); recordId++) {
    if (readU64AsDouble(chunk, at + 8) !== recordId) return
    const sizeBytes = readU32(chunk, at + 4)
    yield { kind: 'record', at, sizeBytes, recordId, isUnlisted: true }
    at += sizeBytes
  }
}

/**
 * Searches a range for whole records, whatever their ids: left-overs of an earlier use of the chunk.
 *
 * @param end - They end before this byte (exclusive).
 */
export function* searchRecords(chunk: Buffer, start: number, end: number): Generator<RecordPlace> {
  for (let at = start; ; ) {
    const found = chunk.indexOf(RECORD_MAGIC, at)
    if (found < 0 || found + MIN_RECORD_BYTES > end) return
    if (isSureRecord(chunk, found, end)) {
      const sizeBytes = readU32(chunk, found + 4)
      const recordId = readU64AsDouble(chunk, found + 8)
      yield { kind: 'record', at: found, sizeBytes, recordId, isUnlisted: true }
      at = found + sizeBytes
    } else at = found + 1
  }
}

/** The next place in the chunk's data where a record begins that fits what the chunk's header says, if that can be trusted. */
function findRecord(chunk: Buffer, start: number, dataEnd: number, header: ChunkHeader): number | undefined {
  for (const { at, recordId } of searchRecords(chunk, start, dataEnd)) {
    if (!header.isHeaderChecksumRight) return at
    const isOwn = recordId >= header.firstRecordId && recordId <= header.lastRecordId
    if (isOwn && at <= header.lastRecordAt) return at
  }
  return undefined
}

function isRecord(chunk: Buffer, at: number, end: number): boolean {
  if (at + MIN_RECORD_BYTES > end || readU32(chunk, at) !== 0x2a2a) return false
  const sizeBytes = readU32(chunk, at + 4)
  return sizeBytes >= MIN_RECORD_BYTES && sizeBytes <= end - at
}

function isSureRecord(chunk: Buffer, at: number, end: number): boolean {
  return isRecord(chunk, at, end) && hasSizeCopy(chunk, at, readU32(chunk, at + 4))
}

function hasSizeCopy(chunk: Buffer, at: number, sizeBytes: number): boolean {
  return readU32(chunk, at + sizeBytes - 4) === sizeBytes
}

function describeDamage(
  chunk: Buffer,
  range: { at: number; end: number; lastId: number; nextId: number; isCut: boolean },
): ChunkItem {
  const { at, end, lastId, nextId, isCut } = range
  const isKnown = nextId > lastId + 1
  const what = isKnown ? nameRecords(lastId + 1, nextId - 1) : 'a record'
  const found = isCut ? `the end of the file after ${chunk.length - at} bytes` : describeStart(chunk, at)
  return {
    kind: 'damage',
    at,
    end,
    recordId: isKnown ? lastId + 1 : 0,
    isCut,
    detail: `expected ${what}, found ${found}`,
  }
}

function describeStart(chunk: Buffer, at: number): string {
  if (at + MIN_RECORD_BYTES > chunk.length) return 'the end of the chunk'
  if (readU32(chunk, at) !== 0x2a2a)
    return `${chunk.toString('hex', at, at + 4)} where a record begins with 2a2a0000`
  return `a size of ${readU32(chunk, at + 4)} bytes at ${toHex(at)} of the chunk`
}

function nameRecords(first: number, last: number): string {
  return first >= last ? `record ${first}` : `records ${first} to ${last}`
}
