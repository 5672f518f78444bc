import type { EventBatch, FileAccount, ImportProfile, Reject } from '@timeskein/model'
import type { PreparedSegment } from '@timeskein/store'
import { MAX_GROUP_BYTES, MAX_GROUP_FILES, MAX_HELD_BYTES } from './limits.ts'
import { nameOrigin } from './row-origin.ts'
import type { TimelinePlace } from './timeline-chooser.ts'

/** A batch that waits to be stored. */
export interface HeldBatch {
  readonly batch: EventBatch
  readonly prepared: PreparedSegment | undefined
  /** To be called when it has been stored. */
  readonly release: () => void
}

/** A file of an import while it is read: its account, and, as long as they are few, its rows. */
export class HeldFile {
  readonly account: FileAccount
  readonly profile: ImportProfile
  readonly place: TimelinePlace
  readonly startMs: number = performance.now()
  readonly batches: HeldBatch[] = []
  readonly rejects: { readonly rejects: readonly Reject[]; readonly header: string }[] = []
  #sizeBytes = 0

  constructor(account: FileAccount, profile: ImportProfile, place: TimelinePlace) {
    this.account = account
    this.profile = profile
    this.place = place
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** Whether it has more rows than are held. */
  get isLarge(): boolean {
    return this.#sizeBytes > MAX_HELD_BYTES
  }

  holdBatch(held: HeldBatch): void {
    this.batches.push(held)
    this.#sizeBytes += held.batch.source.bytes.length
  }

  holdRejects(rejects: readonly Reject[], header: string): void {
    this.rejects.push({ rejects, header })
    for (const { raw, detail } of rejects) this.#sizeBytes += raw.length + detail.length
  }
}

/** Files of one timeline. */
interface TimelineFiles {
  readonly files: HeldFile[]
  /** Hashes of the rows of each origin. */
  readonly rows: Map<string, Set<bigint>>
}

/** Small files that have been read to their ends and are to be committed together, those of each timeline in one transaction. */
export class HeldGroup {
  readonly #timelines = new Map<number, TimelineFiles>()
  #fileCount = 0
  #sizeBytes = 0

  get isEmpty(): boolean {
    return this.#fileCount === 0
  }

  get isFull(): boolean {
    return this.#fileCount >= MAX_GROUP_FILES || this.#sizeBytes >= MAX_GROUP_BYTES
  }

  /** Whether rows of a file stand in one before it of the same origin that goes to the same timeline, as far as their hashes tell. */
  hasRowsOf({ batches, place, profile }: HeldFile): boolean {
    const known = this.#timelines.get(place.timelineId)?.rows.get(nameOrigin(profile))
    if (known === undefined) return false
    return batches.some(
      ({ prepared }) => prepared === undefined || prepared.hashes.some((hash) => known.has(hash)),
    )
  }

  add(file: HeldFile): void {
    const { timelineId } = file.place
    const timeline: TimelineFiles = this.#timelines.get(timelineId) ?? { files: [], rows: new Map() }
    this.#timelines.set(timelineId, timeline)
    const { files, rows } = timeline
    files.push(file)
    this.#fileCount++
    this.#sizeBytes += file.sizeBytes
    const origin = nameOrigin(file.profile)
    const known = rows.get(origin) ?? new Set()
    rows.set(origin, known)
    for (const { prepared } of file.batches) for (const hash of prepared?.hashes ?? []) known.add(hash)
  }

  /** Hands out the files of one timeline, which are not of the group any more; undefined when it is empty. */
  takeTimeline(): readonly HeldFile[] | undefined {
    const [first] = this.#timelines
    if (!first) return undefined
    const [timelineId, { files }] = first
    this.#timelines.delete(timelineId)
    this.#fileCount -= files.length
    this.#sizeBytes -= files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    return files
  }

  clear(): void {
    this.#timelines.clear()
    this.#fileCount = 0
    this.#sizeBytes = 0
  }
}
