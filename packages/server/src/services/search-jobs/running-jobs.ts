import { DomainError } from '../../errors/domain-error.ts'

/** Jobs of one user that may be under way. */
const MAX_RUNNING_JOBS = 20

/** A job's place among those under way, from before it is written down until its end is; given back when its scope ends. */
export interface JobPlace extends Disposable {
  /** Begins the work, which then holds the place until it ends; never awaited by whoever asked for it. */
  start(work: (stop: AbortSignal) => Promise<void>): void
}

interface HeldPlace {
  readonly userId: number
  readonly stop: AbortController
  readonly ended: Promise<void>
}

/** Search jobs under way: what they read and write is not closed before each has ended, those that are just being made included. */
export class RunningJobs {
  readonly #places = new Map<string, HeldPlace>()
  #isStopping = false

  /**
   * @param uid - The job's, under which it is found from now on: whoever sees that it is written down may cancel it.
   * @throws DomainError `too-many` (`too-many-jobs`), `unavailable` (`stopping`).
   */
  admit(uid: string, userId: number): JobPlace {
    if (this.#isStopping)
      throw new DomainError('unavailable', 'stopping', 'The server is stopping; search again later.')
    const own = [...this.#places.values()].filter(
      (place) => place.userId === userId && !place.stop.signal.aborted,
    )
    if (own.length >= MAX_RUNNING_JOBS)
      throw new DomainError(
        'too-many',
        'too-many-jobs',
        `At most ${MAX_RUNNING_JOBS} search jobs may be under way; wait for one to end, or cancel it.`,
        { details: { retryAfterSeconds: 1 } },
      )
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    const stop = new AbortController()
    let hasStarted = false
    const leave = (): void => {
      this.#places.delete(uid)
      resolve()
    }
    this.#places.set(uid, { userId, stop, ended })
    return {
      start: (work) => {
        hasStarted = true
        void work(stop.signal).finally(leave)
      },
      [Symbol.dispose]: () => {
        if (!hasStarted) leave()
      },
    }
  }

  /** Resolves when the job has ended, however it did; undefined where it is not under way. */
  ended(uid: string): Promise<void> | undefined {
    return this.#places.get(uid)?.ended
  }

  /** Also of a job that is just being made: it begins, and ends, with its signal aborted. */
  cancel(uid: string): void {
    this.#places.get(uid)?.stop.abort(new Error('cancelled'))
  }

  /** Takes no more jobs, ends those there are and waits for their ends; those being made begin, and end, with their signal aborted. */
  async stop(): Promise<void> {
    this.#isStopping = true
    for (const { stop } of this.#places.values()) stop.abort(new Error('the server is stopping'))
    await Promise.all([...this.#places.values()].map(({ ended }) => ended))
  }
}
