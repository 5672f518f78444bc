import { StoreError } from '../../store-error.ts'
import type { WantedTerms } from '../../text/terms/term-scan.ts'
import type { ByteCache } from './byte-cache.ts'
import type { ChooseTerms, ChosenTerms, SegmentTimes, TermFields, TermHit } from './index-handle.ts'
import type { SegmentPlace, SegmentReads, StoredSegment } from './snapshot.ts'
import { unpackTimes } from './sources/segment-data.ts'
import type { SourceFile } from './sources/source-file.ts'
import { type OpenTerms, TermReader } from './sources/term-reader.ts'

/** What an index has at the moment. */
export interface SegmentSources {
  /** The source file of a generation; undefined when it is no more. */
  fileOf(generation: number): SourceFile | undefined
  readonly segments: readonly StoredSegment[]
}

/** Reads what the segments of one index have in its source file, through caches that indexes share. */
export class SegmentReader implements SegmentReads {
  readonly #index: string
  readonly #times: ByteCache<string, SegmentTimes>
  readonly #terms: TermReader
  readonly #sources: () => SegmentSources

  /** @param sources - Asked anew for each read: the first snapshot, which has this reader, is read before there is an index. */
  constructor(
    index: string,
    caches: {
      readonly times: ByteCache<string, SegmentTimes>
      readonly terms: ByteCache<string, OpenTerms>
    },
    sources: () => SegmentSources,
  ) {
    this.#index = index
    this.#times = caches.times
    this.#terms = new TermReader(index, caches.terms)
    this.#sources = sources
  }

  async readTimes(segmentId: number, known: SegmentPlace): Promise<SegmentTimes> {
    const key = `${this.#index}/${segmentId}`
    const kept = this.#times.get(key)
    if (kept) return kept
    const { place, file } = this.#find(segmentId, known)
    const { dataAt, sizes } = place
    const bytes = await file.read(dataAt, sizes.times + sizes.nanos + sizes.order)
    const times = unpackTimes(bytes, sizes)
    const { timesUs, nanos, order } = times
    this.#times.set(key, times, timesUs.byteLength + (nanos?.byteLength ?? 0) + (order?.byteLength ?? 0))
    return times
  }

  async findTerms(
    segmentId: number,
    known: SegmentPlace,
    wanted: WantedTerms,
    fields: TermFields,
  ): Promise<readonly TermHit[]> {
    const { place, file } = this.#find(segmentId, known)
    return await this.#terms.find(segmentId, place, file, wanted, fields)
  }

  async chooseTerms<Choice>(
    segmentId: number,
    known: SegmentPlace,
    choose: ChooseTerms<Choice>,
  ): Promise<ChosenTerms<Choice>> {
    const { place, file } = this.#find(segmentId, known)
    return await this.#terms.choose(segmentId, place, file, choose)
  }

  async listsValues(segmentId: number, known: SegmentPlace, field: number): Promise<boolean> {
    const { place, file } = this.#find(segmentId, known)
    return await this.#terms.listsValues(segmentId, place, file, field)
  }

  /** Where a segment's data is now: a question that began earlier may know the place in a file that is no more. */
  #find(segmentId: number, known: SegmentPlace): { place: SegmentPlace; file: SourceFile } {
    const sources = this.#sources()
    const knownFile = sources.fileOf(known.generation)
    if (knownFile) return { place: known, file: knownFile }
    const place = sources.segments.find(({ id }) => id === segmentId)?.place
    const file = place && sources.fileOf(place.generation)
    if (file) return { place, file }
    throw new StoreError('no-row', `index ${this.#index} has no segment ${segmentId} any more`)
  }
}
