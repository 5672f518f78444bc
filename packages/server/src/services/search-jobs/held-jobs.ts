import type { StoredEvent } from '@timeskein/model'
import type { Query } from '@timeskein/query'
import type { Cursor, Scope } from '@timeskein/store'

/** Jobs whose question, first events and places of pages are held; those of others are asked anew. */
const MAX_HELD_JOBS = 100
/** Their first events, in UTF-16 units; those of the jobs that were asked for longest ago are read anew. */
const MAX_HELD_LENGTH = 32 * 1024 * 1024

/** What a job that is done is answered from. */
export interface HeldJob {
  readonly scope: Scope
  readonly query: Query
  readonly total: number
  /** The first events, newest first; none where they are too large to be held. */
  readonly first: readonly StoredEvent[]
  /** Where pages begin, by the number of events before them. */
  readonly cursors: Map<number, Cursor>
}

/** Jobs that are done, the one that was asked for last at the end; what is no longer held can be asked anew. */
export class HeldJobs {
  readonly #jobs = new Map<string, HeldJob>()
  readonly #maxLength: number
  #length = 0

  /** @param maxLength - Of all first events, in UTF-16 units. */
  constructor(maxLength: number = MAX_HELD_LENGTH) {
    this.#maxLength = maxLength
  }

  get(uid: string): HeldJob | undefined {
    return this.#jobs.get(uid)
  }

  /** @returns The job as it is held. */
  hold(uid: string, job: HeldJob): HeldJob {
    this.#drop(uid)
    const held = measure(job) > this.#maxLength / 4 ? { ...job, first: [] } : job
    this.#jobs.set(uid, held)
    this.#length += measure(held)
    for (const eldest of this.#jobs.keys()) {
      if (this.#jobs.size <= MAX_HELD_JOBS && this.#length <= this.#maxLength) break
      this.#drop(eldest)
    }
    return held
  }

  #drop(uid: string): void {
    const job = this.#jobs.get(uid)
    if (!job) return
    this.#jobs.delete(uid)
    this.#length -= measure(job)
  }
}

function measure({ first }: HeldJob): number {
  return first.reduce((sum, { source }) => sum + source.length, 0)
}
