/** A session that waits or runs. */
export interface QueuedSession {
  readonly sessionId: number
  readonly timelineId: number
  /** How many analyses it has. */
  readonly size: number
  /** Carries it out to its recorded end; never fails. */
  readonly run: (signal: AbortSignal) => Promise<void>
}

interface Entry extends QueuedSession {
  readonly abort: AbortController
  readonly ended: PromiseWithResolvers<void>
}

/** Sessions that run at once: analyzers read and write all the time, and questions have the right of way. */
const MAX_RUNNING = 2

/** Runs sessions in the order in which they come, never two over one timeline and at most `MAX_RUNNING` at once. */
export class AnalysisQueue {
  #waiting: Entry[] = []
  readonly #running = new Map<number, Entry>()
  #isStopping = false

  /** Analyses that wait or run. */
  get openCount(): number {
    return [...this.#waiting, ...this.#running.values()].reduce((sum, { size }) => sum + size, 0)
  }

  get isStopping(): boolean {
    return this.#isStopping
  }

  add(session: QueuedSession): void {
    this.#waiting.push({ ...session, abort: new AbortController(), ended: Promise.withResolvers() })
    this.#startNext()
  }

  /** Resolves when a session has ended; at once for one that is not here. */
  async waitForEnd(sessionId: number): Promise<void> {
    await this.#find(sessionId)?.ended.promise
  }

  /** Lets a session end now, whether it runs or waits, and resolves when it has. */
  async cancel(sessionId: number, reason: Error): Promise<void> {
    const entry = this.#find(sessionId)
    if (!entry) return
    entry.abort.abort(reason)
    if (this.#waiting.includes(entry)) {
      // One that waits records its end without waiting for its turn: aborted, it does nothing else.
      this.#waiting = this.#waiting.filter((other) => other !== entry)
      await this.#run(entry)
    } else await entry.ended.promise
  }

  /** Takes no more sessions and ends those there are; resolves when all have. */
  async stop(reason: Error): Promise<void> {
    this.#isStopping = true
    const all = [...this.#waiting, ...this.#running.values()]
    await Promise.all(all.map(({ sessionId }) => this.cancel(sessionId, reason)))
  }

  #find(sessionId: number): Entry | undefined {
    return this.#running.get(sessionId) ?? this.#waiting.find((entry) => entry.sessionId === sessionId)
  }

  #startNext(): void {
    while (this.#running.size < MAX_RUNNING) {
      const busy = new Set([...this.#running.values()].map(({ timelineId }) => timelineId))
      const at = this.#waiting.findIndex(({ timelineId }) => !busy.has(timelineId))
      if (at === -1) return
      const [entry] = this.#waiting.splice(at, 1)
      this.#running.set(entry!.sessionId, entry!)
      void this.#run(entry!)
    }
  }

  async #run(entry: Entry): Promise<void> {
    try {
      await entry.run(entry.abort.signal)
    } finally {
      this.#running.delete(entry.sessionId)
      entry.ended.resolve()
      this.#startNext()
    }
  }
}
