import { pause } from '../services/pause.ts'
import type { ImportJob, ImportOutcome, ImportProgress, ImportRequest } from './import-service.ts'
import type { ImportEnd } from './log/import-log.ts'

const NO_PROGRESS: Omit<ImportProgress, 'bytesTotal'> = {
  phase: 'queued',
  bytesDone: 0,
  rowsStored: 0,
  rowsRejected: 0,
  rowsDuplicate: 0,
  file: '',
  elapsedMs: 0,
}

/** An import of this process that has not ended: its wishes, how far it is, and who waits for it. */
export class OpenImport {
  readonly id: string
  readonly request: ImportRequest
  /** Of the import's own timeline. */
  readonly timelineId: number
  /** Every timeline that it writes to. */
  readonly timelineIds: Set<number>
  /** Of those, such as were made for it. */
  readonly madeTimelineIds: Set<number> = new Set()
  readonly userId: number
  readonly ended: Promise<ImportJob>
  /** Set when it has been carried out. */
  outcome: ImportOutcome | undefined
  /** How it ended, set before that is written to the log. */
  end: ImportEnd | undefined
  /** Its last commit failed, and the store could not say whether it is stored all the same. */
  isEndUnknown = false
  readonly #abort = new AbortController()
  readonly #resolve: (job: ImportJob) => void
  #progress: ImportProgress
  #startMs: number | undefined
  #watchers = new Set<() => void>()
  #isWaiting = false
  #isLastTry = false
  #hasEnded = false

  constructor(job: {
    id: string
    timelineId: number
    userId: number
    request: ImportRequest
    bytesTotal: number | undefined
  }) {
    this.id = job.id
    this.request = job.request
    this.timelineId = job.timelineId
    this.timelineIds = new Set([job.timelineId])
    this.userId = job.userId
    const { promise, resolve } = Promise.withResolvers<ImportJob>()
    this.ended = promise
    this.#resolve = resolve
    this.#progress = { ...NO_PROGRESS, bytesTotal: job.bytesTotal }
  }

  /** Aborts when the import is cancelled, by its caller's signal too. */
  get signal(): AbortSignal {
    const { signal } = this.request
    return signal ? AbortSignal.any([signal, this.#abort.signal]) : this.#abort.signal
  }

  get progress(): ImportProgress {
    return this.#progress
  }

  /** @param reason - A sentence: why. */
  cancel(reason: string): void {
    this.#abort.abort(new ImportCancelled(reason))
  }

  /** Leaves an accepted import to the next process. */
  postpone(): void {
    this.#abort.abort(new ImportPostponed())
  }

  /**
   * Waits before it is tried again.
   *
   * @returns Whether it is to be: not where it was postponed, or nothing is tried again any more.
   */
  async waitForTry(ms: number): Promise<boolean> {
    if (this.#isLastTry) this.postpone()
    this.#isWaiting = true
    await pause(ms, this.signal)
    this.#isWaiting = false
    return !this.isPostponed
  }

  /** An accepted import is not tried again by this process, but left to the next one; what is under way may come to its end. */
  endTries(): void {
    this.#isLastTry = true
    if (this.#isWaiting) this.postpone()
  }

  /** Whether it is left to the next process, unless it was committed before it heard of that. */
  get isPostponed(): boolean {
    return this.signal.reason instanceof ImportPostponed
  }

  /** It is carried out from the beginning, for the first time or again. */
  begin(): void {
    this.isEndUnknown = false
    this.#startMs = performance.now()
    this.#progress = { ...NO_PROGRESS, bytesTotal: this.#progress.bytesTotal }
  }

  report(change: Partial<Omit<ImportProgress, 'elapsedMs'>>): void {
    const elapsedMs = this.#startMs === undefined ? 0 : performance.now() - this.#startMs
    this.#progress = { ...this.#progress, ...change, elapsedMs }
    for (const wake of this.#watchers) wake()
  }

  /** Tells those who wait. */
  settle(job: ImportJob): void {
    this.#hasEnded = true
    this.report({ phase: 'ended' })
    this.#resolve(job)
  }

  /** The latest progress each time it has changed; readers that are slow miss what was in between. */
  async *watch(signal?: AbortSignal): AsyncGenerator<ImportProgress> {
    let wake = (): void => {}
    const onChange = (): void => wake()
    this.#watchers.add(onChange)
    signal?.addEventListener('abort', onChange, { once: true })
    let last: ImportProgress | undefined
    try {
      while (!signal?.aborted) {
        if (this.#progress !== last) {
          last = this.#progress
          yield last
          continue
        }
        if (this.#hasEnded) return
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        await promise
      }
    } finally {
      this.#watchers.delete(onChange)
      signal?.removeEventListener('abort', onChange)
    }
  }
}

/** Why an import was cancelled. */
export class ImportCancelled extends Error {
  override readonly name = 'ImportCancelled'
}

/** Why an accepted import was broken off that the next process carries out. */
class ImportPostponed extends Error {
  override readonly name = 'ImportPostponed'
}
