import type { SearchJob } from './search-job-service.ts'

/** Who wants to hear of the end of a user's jobs. */
export class JobWatchers {
  readonly #byUser = new Map<number, Set<(job: SearchJob) => void>>()

  /** Hears of ends until the signal aborts. */
  add(userId: number, onEnd: (job: SearchJob) => void, signal: AbortSignal): void {
    if (signal.aborted) return
    const watchers = this.#byUser.get(userId) ?? new Set()
    watchers.add(onEnd)
    this.#byUser.set(userId, watchers)
    const leave = (): void => {
      watchers.delete(onEnd)
      if (watchers.size === 0 && this.#byUser.get(userId) === watchers) this.#byUser.delete(userId)
    }
    signal.addEventListener('abort', leave, { once: true })
  }

  tell(job: SearchJob): void {
    for (const onEnd of this.#byUser.get(job.userId) ?? []) onEnd(job)
  }
}
