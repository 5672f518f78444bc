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

/** Small files that have been read to their ends and are to be committed together. */
export class HeldGroup {
  #files: HeldFile[] = []
  #sizeBytes = 0
  /** Hashes of the rows of each timeline and origin. */
  readonly #rows = new Map<string, Set<bigint>>()

  get isEmpty(): boolean {
    return this.#files.length === 0
  }

  get isFull(): boolean {
    return this.#files.length >= MAX_GROUP_FILES || this.#sizeBytes >= MAX_GROUP_BYTES
  }

  /** Whether rows of a file stand in one before it of the same origin that goes to the same timeline, as far as their hashes tell. */
  hasRowsOf({ batches, place, profile }: HeldFile): boolean {
    const known = this.#rows.get(nameOrigin(place, profile))
    if (known === undefined) return false
    return batches.some(
      ({ prepared }) => prepared === undefined || prepared.hashes.some((hash) => known.has(hash)),
    )
  }

  add(file: HeldFile): void {
    this.#files.push(file)
    this.#sizeBytes += file.sizeBytes
    const origin = nameOrigin(file.place, file.profile)
    const known = this.#rows.get(origin) ?? new Set()
    this.#rows.set(origin, known)
    for (const { prepared } of file.batches) for (const hash of prepared?.hashes ?? []) known.add(hash)
  }

  /** Hands out the files, those of each timeline together; the group is empty afterwards. */
  take(): readonly (readonly HeldFile[])[] {
    const files = Map.groupBy(this.#files, ({ place }) => place.timelineId)
    this.#files = []
    this.#sizeBytes = 0
    this.#rows.clear()
    return [...files.values()]
  }
}
