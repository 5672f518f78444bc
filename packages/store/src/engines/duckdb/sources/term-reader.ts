import { type TermView, TOKEN_END, WHOLE_MARK } from '../../../text/terms/packed-terms.ts'
import {
  findTokenRange,
  HEAD_SIZES_BYTES,
  readBlock,
  readSectionSizes,
  type TermBlock,
  TermHead,
  type TokenRange,
} from '../../../text/terms/term-dictionary.ts'
import {
  findBlockRange,
  scanBlocks,
  type TermFound,
  type TermScan,
  type WantedTerms,
} from '../../../text/terms/term-scan.ts'
import type { ByteCache } from '../byte-cache.ts'
import type { ChooseTerms, ChosenTerm, ChosenTerms, TermFields, TermHit, TermRange } from '../index-handle.ts'
import type { SegmentPlace } from '../snapshot.ts'
import { readFieldNumber } from './field-numbers.ts'
import type { SourceFile } from './source-file.ts'

/** What is read of a segment's words before its head's length is known: all of a small one. */
const FIRST_READ_BYTES = 16 * 1024
/** Posting lists no farther apart than this are read together. */
const MAX_GAP_BYTES = 16 * 1024
/** Blocks of a dictionary that are read one by one. */
const MAX_SINGLE_BLOCKS = 16

/** A segment's head and what its field numbers stand for; kept between questions. */
export interface OpenTerms {
  readonly head: TermHead
  readonly fields: readonly { readonly id: number; readonly view: TermView }[]
}

/** Looks words up in the packed terms of one segment, where they are in the source file. */
export class TermReader {
  readonly #cache: ByteCache<string, OpenTerms>
  readonly #cacheKey: string

  /** @param indexName - Tells entries of the cache apart, which indexes share. */
  constructor(indexName: string, cache: ByteCache<string, OpenTerms>) {
    this.#cache = cache
    this.#cacheKey = indexName
  }

  /** Posting lists of the wanted tokens in the wanted fields. */
  async find(
    segmentId: number,
    place: SegmentPlace,
    file: SourceFile,
    wanted: WantedTerms,
    fields: TermFields,
  ): Promise<readonly TermHit[]> {
    if (place.sizes.terms === 0) return []
    const { head, fields: known } = await this.#open(segmentId, place, file)
    const isWanted = chooseFields(known, fields)
    if (!isWanted.includes(true)) return []
    const dictionaryAt = termsAt(place) + head.sizes.head
    const readBlocks: ReadBlocks = async (first, end) => {
      const blocksAt = head.blockStarts[first]!
      return await file.read(dictionaryAt + blocksAt, head.blockStarts[end]! - blocksAt)
    }
    const ranges: PostingRange[] = []
    const found: TermFound = (block, token) => addRanges(ranges, block, token, isWanted)
    if ('tokens' in wanted) await findTokens(head, readBlocks, wanted.tokens, found)
    else await findScanned(head, readBlocks, wanted, found)
    return await readPostings(file, dictionaryAt + head.sizes.dictionary, ranges, known)
  }

  /** Looks at every word, and tells those that something is said of, with where their posting lists are. */
  async choose<Choice>(
    segmentId: number,
    place: SegmentPlace,
    file: SourceFile,
    choose: ChooseTerms<Choice>,
  ): Promise<ChosenTerms<Choice>> {
    if (place.sizes.terms === 0) return { terms: [], readPostings: async () => [] }
    const { head, fields } = await this.#open(segmentId, place, file)
    const dictionaryAt = termsAt(place) + head.sizes.head
    const postingsAt = dictionaryAt + head.sizes.dictionary
    const bytes = await file.read(dictionaryAt, head.sizes.dictionary)
    return {
      terms: chooseTerms(head, bytes, fields, choose),
      readPostings: async (ranges) => {
        const sorted = ranges.toSorted((a, b) => a.start - b.start)
        const found = await readRanges(file, postingsAt, sorted)
        const byRange = new Map(sorted.map((range, at) => [range, found[at]!]))
        return ranges.map((range) => byRange.get(range)!)
      },
    }
  }

  /** Whether the segment has all whole values of a field. */
  async listsValues(
    segmentId: number,
    place: SegmentPlace,
    file: SourceFile,
    field: number,
  ): Promise<boolean> {
    if (place.sizes.terms === 0) return false
    const { fields } = await this.#open(segmentId, place, file)
    return fields.some(({ id, view }) => id === field && view === 'whole')
  }

  async #open(segmentId: number, place: SegmentPlace, file: SourceFile): Promise<OpenTerms> {
    const key = `${this.#cacheKey}/${segmentId}`
    const kept = this.#cache.get(key)
    if (kept) return kept
    const at = termsAt(place)
    const idBytes = place.sizes.fieldIds
    const firstBytes = Math.min(idBytes + FIRST_READ_BYTES, idBytes + place.sizes.terms)
    let bytes = await file.read(at - idBytes, Math.max(firstBytes, idBytes + HEAD_SIZES_BYTES))
    const headEnd = idBytes + readSectionSizes(bytes.subarray(idBytes)).head
    if (headEnd > bytes.length) bytes = await file.read(at - idBytes, headEnd)
    const opened: OpenTerms = {
      head: new TermHead(bytes.subarray(idBytes, headEnd)),
      fields: Array.from(new Uint32Array(new Uint8Array(bytes.subarray(0, idBytes)).buffer), readFieldNumber),
    }
    this.#cache.set(key, opened, opened.head.sizeBytes + idBytes)
    return opened
  }
}

/** Where a segment's packed terms begin; the numbers of their fields stand before them. */
export function termsAt({ dataAt, sizes }: SegmentPlace): number {
  return dataAt + sizes.times + sizes.nanos + sizes.order + sizes.hashes + sizes.fieldIds
}

/** Reads the blocks of a dictionary from one to another (exclusive). */
type ReadBlocks = (first: number, end: number) => Promise<Buffer>

async function findScanned(
  head: TermHead,
  readBlocks: ReadBlocks,
  scan: TermScan,
  found: TermFound,
): Promise<void> {
  if (scan.accepts !== undefined && (scan.minBytes ?? 0) > head.longestToken) return
  const { first, end } = findBlockRange(head, scan)
  if (first < end) scanBlocks(head, await readBlocks(first, end), first, end, scan, found)
}

/** Finds tokens in their order; of many, the dictionary is read as a whole. */
async function findTokens(
  head: TermHead,
  readBlocks: ReadBlocks,
  tokens: readonly Buffer[],
  found: TermFound,
): Promise<void> {
  const byBlock = Map.groupBy(tokens, (token) => head.findBlock(token))
  byBlock.delete(-1)
  const whole = byBlock.size > MAX_SINGLE_BLOCKS ? await readBlocks(0, head.blockCount) : undefined
  for (const block of [...byBlock.keys()].sort((a, b) => a - b)) {
    const bytes =
      whole?.subarray(head.blockStarts[block], head.blockStarts[block + 1]) ??
      (await readBlocks(block, block + 1))
    for (const exact of byBlock.get(block)!.sort(Buffer.compare))
      scanBlocks(head, bytes, block, block + 1, { exact }, found)
  }
}

function chooseTerms<Choice>(
  head: TermHead,
  bytes: Buffer,
  fields: OpenTerms['fields'],
  choose: ChooseTerms<Choice>,
): ChosenTerm<Choice>[] {
  const chosen: ChosenTerm<Choice>[] = []
  for (let number = 0; number < head.blockCount; number++) {
    const [start, end] = [head.blockStarts[number]!, head.blockStarts[number + 1]!]
    const tokens = findTokenRange(bytes, start, end)
    if (hasNoWords(bytes, tokens)) continue
    const choices = choose(bytes, tokens)
    if (choices.size === 0) continue
    const block = readBlock(bytes, start, end, head.postingStarts[number]!)
    for (const [token, choice] of choices) {
      if (bytes[block.tokenStarts[token]!] === WHOLE_MARK) continue
      const ranges: TermRange[] = []
      for (let pair = block.pairStarts[token]!; pair < block.pairStarts[token + 1]!; pair++) {
        const field = block.fields[pair]!
        if (fields[field]!.view !== 'words') continue
        const [from, to] = [block.postingStarts[pair]!, block.postingStarts[pair + 1]!]
        ranges.push({ field: fields[field]!.id, start: from, end: to })
      }
      chosen.push({ choice, ranges })
    }
  }
  return chosen
}

/** Whole values stand before all words: then the last token is one as well. */
function hasNoWords(bytes: Buffer, { start, end }: TokenRange): boolean {
  const last = Math.max(start, bytes.lastIndexOf(TOKEN_END, end - 2) + 1)
  return bytes[start] === WHOLE_MARK && bytes[last] === WHOLE_MARK
}

interface PostingRange {
  readonly field: number
  readonly start: number
  readonly end: number
}

function chooseFields(known: OpenTerms['fields'], wanted: TermFields): boolean[] {
  if ('except' in wanted) return known.map(({ id, view }) => view === 'words' && !wanted.except.has(id))
  return known.map(({ id, view }) => {
    if (id !== wanted.only) return false
    if (wanted.as === 'whole') return view === 'whole'
    return view === 'words' || (view === 'places' && wanted.as === 'words with places')
  })
}

function addRanges(ranges: PostingRange[], block: TermBlock, token: number, isWanted: boolean[]): void {
  for (let pair = block.pairStarts[token]!; pair < block.pairStarts[token + 1]!; pair++) {
    const field = block.fields[pair]!
    if (!isWanted[field]) continue
    ranges.push({ field, start: block.postingStarts[pair]!, end: block.postingStarts[pair + 1]! })
  }
}

/** @param ranges - Ascending, as they come out of a dictionary. */
async function readPostings(
  file: SourceFile,
  postingsAt: number,
  ranges: readonly PostingRange[],
  fields: OpenTerms['fields'],
): Promise<TermHit[]> {
  const hits: TermHit[] = []
  for (const [at, found] of (await readRanges(file, postingsAt, ranges)).entries()) {
    const { id, view } = fields[ranges[at]!.field]!
    // The places of a word come right behind its rows.
    if (view === 'places') hits.push({ ...hits.pop()!, places: found })
    else hits.push({ field: id, postings: found })
  }
  return hits
}

/** @param ranges - Ascending; those near each other are read together. */
async function readRanges(
  file: SourceFile,
  postingsAt: number,
  ranges: readonly { readonly start: number; readonly end: number }[],
): Promise<Uint8Array[]> {
  const found: Uint8Array[] = []
  let i = 0
  while (i < ranges.length) {
    const start = ranges[i]!.start
    let end = ranges[i]!.end
    let next = i + 1
    while (next < ranges.length && ranges[next]!.start - end <= MAX_GAP_BYTES) end = ranges[next++]!.end
    const bytes = await file.read(postingsAt + start, end - start)
    for (; i < next; i++) found.push(bytes.subarray(ranges[i]!.start - start, ranges[i]!.end - start))
  }
  return found
}
