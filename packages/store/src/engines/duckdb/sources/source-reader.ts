import { StoreError } from '../../../store-error.ts'
import type { PackedBlock, PackedSources, SourceBytes } from '../../../value-reading.ts'
import type { ByteCache } from '../byte-cache.ts'
import type { SourceRun } from '../index-handle.ts'
import type { StoredSegment } from '../snapshot.ts'
import { type UnpackedBlock, unpackSource } from './block-codec.ts'
import type { SourceFile } from './source-file.ts'

/** Blocks next to each other are read together up to so many bytes. */
const MAX_READ_BYTES = 1024 * 1024

/** Parts of a list of rows that are read at once, as the runtime has threads for reading files. */
const PARTS_AT_ONCE = 4
const MIN_ROWS_PER_PART = 4
/** Rows within so many of each other share a few blocks, which each part would read and unpack for itself. */
const NEAR_ROWS = 1024

/** Who reads row after row asks for the blocks of so many segments at once: a statement takes longer than what it answers. */
const SEGMENTS_AHEAD = 32

/** Told where the source text of the row at `at` of those asked for stands: it is row `row` of the block. */
export type VisitRow = (at: number, block: SourceBytes, row: number) => void

/** Where the blocks of one segment stand, and in which source file; ascending. */
export interface BlockPlaces {
  readonly generation: number
  readonly firstSeqs: Float64Array
  readonly rowCounts: Uint32Array
  readonly dataAts: Float64Array
  readonly dataSizes: Uint32Array
}

/** What the reader needs of its index. */
export interface SourceReaderHost {
  readonly index: string
  /** The source file of a generation; undefined when it has been replaced by a newer one. */
  fileOf(generation: number): SourceFile | undefined
  readonly cache: ByteCache<string, UnpackedBlock>
  readonly segments: readonly StoredSegment[]
  /** Reads `blocks` of some segments that follow each other. */
  loadBlockPlaces(segments: readonly StoredSegment[]): Promise<readonly BlockPlaces[]>
}

/** Reads source text back out of blocks. Keeps where the blocks of each segment stand once it was asked. */
export class SourceReader {
  readonly #host: () => SourceReaderHost
  readonly #places = new Map<number, Promise<BlockPlaces>>()

  constructor(host: () => SourceReaderHost) {
    this.#host = host
  }

  async readSources(seqs: ArrayLike<number>, signal?: AbortSignal): Promise<string[]> {
    const texts = new Array<string>(seqs.length)
    const partCount = spanOf(seqs) <= NEAR_ROWS ? 1 : PARTS_AT_ONCE
    const rowsPerPart = Math.max(MIN_ROWS_PER_PART, Math.ceil(seqs.length / partCount))
    const parts: Promise<void>[] = []
    for (let start = 0; start < seqs.length; start += rowsPerPart) {
      const part = Array.prototype.slice.call(seqs, start, start + rowsPerPart)
      const visit: VisitRow = (at, { bytes, offsets }, row) => {
        texts[start + at] = bytes.toString('utf8', offsets[row]!, offsets[row + 1]!)
      }
      parts.push(this.visitRows(part, visit, signal))
    }
    await Promise.all(parts)
    return texts
  }

  /** Calls `visit` for each wanted row, block by block, each block being unpacked once. */
  async visitRows(seqs: ArrayLike<number>, visit: VisitRow, signal?: AbortSignal): Promise<void> {
    const order = new Uint32Array(seqs.length)
    for (let i = 0; i < order.length; i++) order[i] = i
    if (!isAscending(seqs)) order.sort((a, b) => seqs[a]! - seqs[b]!)
    const sorted = order.map((at) => seqs[at]!)
    let done = 0
    while (done < sorted.length) {
      const host = this.#host()
      const { places, wanted } = await this.#findBlocks(host, sorted, done)
      try {
        for await (const { block, number } of this.#readBlocks(host, places, wanted, signal)) {
          const firstSeq = places.firstSeqs[number]!
          const blockEnd = firstSeq + places.rowCounts[number]!
          for (; done < sorted.length && sorted[done]! < blockEnd; done++)
            visit(order[done]!, block, sorted[done]! - firstSeq)
        }
      } catch (error) {
        this.#forgetMoved(error)
      }
    }
  }

  /** Blocks that have some of the rows, which ascend, as they stand in the file. */
  async *readPacked(
    seqs: Uint32Array,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<PackedSources, void, undefined> {
    if (!isAscending(seqs)) throw new RangeError('ascending rows expected, found others')
    let done = 0
    while (done < seqs.length) {
      const host = this.#host()
      const { places, wanted } = await this.#findBlocks(host, seqs, done, SEGMENTS_AHEAD)
      try {
        for (let i = 0; i < wanted.length; ) {
          signal?.throwIfAborted()
          const { data, numbers } = await readNeighbours(host, places, wanted, i)
          const last = numbers.at(-1)!
          const rowsEnd = places.firstSeqs[last]! + places.rowCounts[last]!
          const start = done
          while (done < seqs.length && seqs[done]! < rowsEnd) done++
          i += numbers.length
          yield { bytes: data, blocks: listBlocks(places, numbers), seqs: seqs.slice(start, done) }
        }
      } catch (error) {
        this.#forgetMoved(error)
      }
    }
  }

  /** The blocks of the segment that has row `seqs[from]` in which that row and those behind it stand. */
  async #findBlocks(
    host: SourceReaderHost,
    seqs: ArrayLike<number>,
    from: number,
    ahead = 1,
  ): Promise<{ readonly places: BlockPlaces; readonly wanted: readonly number[] }> {
    const segment = findSegment(host, seqs[from]!)
    const places = await this.#findPlaces(host, segment, ahead)
    const segmentEnd = segment.firstSeq + segment.rowCount
    const wanted: number[] = []
    for (let at = from; at < seqs.length && seqs[at]! < segmentEnd; at++) {
      const seq = seqs[at]!
      const block = findLastAtOrBefore(places.firstSeqs, seq)
      if (block < 0 || seq >= places.firstSeqs[block]! + places.rowCounts[block]!) throw missingRow(host, seq)
      if (wanted[wanted.length - 1] !== block) wanted.push(block)
    }
    return { places, wanted }
  }

  /** Rows from `seqStart` (inclusive) to `seqEnd` (exclusive), leaving out those that no segment holds. */
  async *scanSources(
    seqStart: number,
    seqEnd: number,
    signal?: AbortSignal,
  ): AsyncGenerator<SourceRun, void, undefined> {
    let start = seqStart
    while (start < seqEnd) {
      const host = this.#host()
      const segment = host.segments.find(({ firstSeq, rowCount }) => firstSeq + rowCount > start)
      if (!segment || segment.firstSeq >= seqEnd) return
      const segmentEnd = Math.min(seqEnd, segment.firstSeq + segment.rowCount)
      const places = await this.#findPlaces(host, segment, SEGMENTS_AHEAD)
      const wanted: number[] = []
      for (let number = 0; number < places.firstSeqs.length; number++) {
        const firstSeq = places.firstSeqs[number]!
        if (firstSeq < segmentEnd && firstSeq + places.rowCounts[number]! > start) wanted.push(number)
      }
      try {
        for await (const { block, number } of this.#readBlocks(host, places, wanted, signal)) {
          const firstSeq = places.firstSeqs[number]!
          const end = Math.min(places.rowCounts[number]!, segmentEnd - firstSeq)
          const firstRow = Math.max(0, start - firstSeq)
          const { bytes, offsets } = block
          const rows: string[] = []
          for (let row = firstRow; row < end; row++) {
            rows.push(bytes.toString('utf8', offsets[row]!, offsets[row + 1]!))
          }
          start = firstSeq + end
          yield { firstSeq: firstSeq + firstRow, rows }
        }
        start = segmentEnd
      } catch (error) {
        this.#forgetMoved(error)
      }
    }
  }

  async *#readBlocks(
    host: SourceReaderHost,
    places: BlockPlaces,
    wanted: readonly number[],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<{ block: UnpackedBlock; number: number }, void, undefined> {
    const { firstSeqs } = places
    let i = 0
    while (i < wanted.length) {
      signal?.throwIfAborted()
      const first = wanted[i]!
      const kept = host.cache.get(cacheKey(host.index, firstSeqs[first]!))
      if (kept) {
        yield { block: kept, number: first }
        i++
        continue
      }
      const { data, numbers } = await readNeighbours(host, places, wanted, i)
      for (const [n, { at, sizeBytes, firstSeq, rowCount }] of listBlocks(places, numbers).entries()) {
        const block = unpackSource(data.subarray(at, at + sizeBytes), rowCount)
        host.cache.set(cacheKey(host.index, firstSeq), block, block.bytes.length + 256)
        yield { block, number: numbers[n]! }
      }
      i += numbers.length
    }
  }

  /** After blocks moved to another file their places are asked for anew; other errors are thrown on. */
  #forgetMoved(error: unknown): void {
    if (!(error instanceof MovedError)) throw error
    this.#places.clear()
  }

  /** @param ahead - How many segments are asked for, where they are not known: this one and those behind it. */
  #findPlaces(host: SourceReaderHost, segment: StoredSegment, ahead: number): Promise<BlockPlaces> {
    const known = this.#places.get(segment.id)
    if (known) return known
    const first = host.segments.indexOf(segment)
    const segments = host.segments.slice(first, first + ahead)
    const all = host.loadBlockPlaces(segments)
    for (const [at, { id }] of segments.entries()) {
      if (this.#places.has(id)) continue
      const places = all.then((loaded) => loaded[at]!)
      this.#places.set(id, places)
      places.catch(() => this.#places.delete(id))
    }
    return this.#places.get(segment.id)!
  }
}

/** From the first to the last of some rows, how many there are. */
function spanOf(seqs: ArrayLike<number>): number {
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (let i = 0; i < seqs.length; i++) {
    first = Math.min(first, seqs[i]!)
    last = Math.max(last, seqs[i]!)
  }
  return last - first + 1
}

/** Reads a block, and those behind it that are wanted too and stand next to it. */
async function readNeighbours(
  host: SourceReaderHost,
  { generation, dataAts, dataSizes }: BlockPlaces,
  wanted: readonly number[],
  from: number,
): Promise<{ readonly data: Uint8Array; readonly numbers: readonly number[] }> {
  const start = dataAts[wanted[from]!]!
  let last = from
  while (last + 1 < wanted.length) {
    const next = wanted[last + 1]!
    const follows = next === wanted[last]! + 1
    const sizeBytes = dataAts[next]! + dataSizes[next]! - start
    if (!follows || sizeBytes > MAX_READ_BYTES || sizeBytes < 0) break
    last++
  }
  const file = host.fileOf(generation)
  if (!file) throw new MovedError()
  const end = dataAts[wanted[last]!]! + dataSizes[wanted[last]!]!
  return { data: await file.read(start, end - start), numbers: wanted.slice(from, last + 1) }
}

/** @param numbers - Of blocks that stand next to each other. */
function listBlocks(
  { dataAts, dataSizes, firstSeqs, rowCounts }: BlockPlaces,
  numbers: readonly number[],
): readonly PackedBlock[] {
  const start = dataAts[numbers[0]!]!
  return numbers.map((number) => ({
    at: dataAts[number]! - start,
    sizeBytes: dataSizes[number]!,
    firstSeq: firstSeqs[number]!,
    rowCount: rowCounts[number]!,
  }))
}

/** Blocks are no longer in the file they were looked for in. */
class MovedError extends Error {}

/** Key of a block in the cache that all indexes share. */
function cacheKey(index: string, firstSeq: number): string {
  return `${index}/${firstSeq}`
}

function findSegment(host: SourceReaderHost, seq: number): StoredSegment {
  let low = 0
  let high = host.segments.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (host.segments[middle]!.firstSeq <= seq) low = middle + 1
    else high = middle
  }
  const segment = host.segments[low - 1]
  if (segment && seq < segment.firstSeq + segment.rowCount) return segment
  throw missingRow(host, seq)
}

function missingRow(host: SourceReaderHost, seq: number): StoreError {
  return new StoreError('no-row', `index ${host.index} has no row ${seq} (any more)`)
}

function findLastAtOrBefore(values: Float64Array, wanted: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (values[middle]! <= wanted) low = middle + 1
    else high = middle
  }
  return low - 1
}

function isAscending(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i]! < values[i - 1]!) return false
  return true
}
