import { DomainError } from '../../errors/domain-error.ts'

/** Jobs of one user that may be under way. */
const MAX_RUNNING_JOBS = 20

/** A job's place among those under way, from before it is written down until its end is; given back when its scope ends. */
export interface JobPlace extends Disposable {
  /** Begins the work, which then holds the place until it ends; never awaited by whoever asked for it. */
  start(uid: string, work: (stop: AbortSignal) => Promise<void>): void
}

interface HeldPlace {
  readonly userId: number
  readonly stop: AbortController
  readonly ended: Promise<void>
  uid: string | undefined
}

/** Search jobs under way: what they read and write is not closed before each has ended, those that are just being made included. */
export class RunningJobs {
  readonly #places = new Set<HeldPlace>()
  #isStopping = false

  /** @throws DomainError `too-many` (`too-many-jobs`), `unavailable` (`stopping`). */
  admit(userId: number): JobPlace {
    if (this.#isStopping)
      throw new DomainError('unavailable', 'stopping', 'The server is stopping; search again later.')
    const own = [...this.#places].filter((place) => place.userId === userId && !place.stop.signal.aborted)
    if (own.length >= MAX_RUNNING_JOBS)
      throw new DomainError(
        'too-many',
        'too-many-jobs',
        `At most ${MAX_RUNNING_JOBS} search jobs may be under way; wait for one to end, or cancel it.`,
        { details: { retryAfterSeconds: 1 } },
      )
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    const place: HeldPlace = { userId, stop: new AbortController(), ended, uid: undefined }
    const leave = (): void => {
      this.#places.delete(place)
      resolve()
    }
    this.#places.add(place)
    return {
      start: (uid, work) => {
        place.uid = uid
        void work(place.stop.signal).finally(leave)
      },
      [Symbol.dispose]: () => {
        if (place.uid === undefined) leave()
      },
    }
  }

  /** Resolves when the job has ended, however it did; undefined where it is not under way. */
  ended(uid: string): Promise<void> | undefined {
    return this.#find(uid)?.ended
  }

  cancel(uid: string): void {
    this.#find(uid)?.stop.abort(new Error('cancelled'))
  }

  /** Takes no more jobs, ends those there are and waits for their ends; those being made begin, and end, with their signal aborted. */
  async stop(): Promise<void> {
    this.#isStopping = true
    for (const { stop } of this.#places) stop.abort(new Error('the server is stopping'))
    await Promise.all([...this.#places].map(({ ended }) => ended))
  }

  #find(uid: string): HeldPlace | undefined {
    return [...this.#places].find((place) => place.uid === uid)
  }
}
