import { pause } from '../services/pause.ts'

/** After an import others often follow, of more of the same evidence: so long none may come before they are said to rest. */
const REST_MS = 2_000
/** Nobody waits longer, however many imports there are. */
const MAX_WAIT_MS = 30_000

/** Tells when imports rest, to work that would only compete with them. */
export class ImportRest {
  #underWay = 0
  /** When there last was an import, or a sign of one to come. */
  #lastSeenMs = Number.NEGATIVE_INFINITY

  /** An import is under way until this settles, which it does not by an error. */
  follow(ended: Promise<unknown>): void {
    this.#underWay++
    void ended.then(() => {
      this.#underWay--
      this.#lastSeenMs = performance.now()
    })
  }

  /** An import is about to come. */
  expect(): void {
    this.#lastSeenMs = performance.now()
  }

  /**
   * Resolves when no import is under way and the last one ended, or was expected, 2 s ago; at the latest after 30 s, or when the signal aborts.
   */
  async wait(signal: AbortSignal): Promise<void> {
    const deadlineMs = performance.now() + MAX_WAIT_MS
    while (!signal.aborted) {
      const nowMs = performance.now()
      const restMs = this.#underWay > 0 ? REST_MS : this.#lastSeenMs + REST_MS - nowMs
      const waitMs = Math.min(restMs, deadlineMs - nowMs)
      if (waitMs <= 0) return
      await pause(waitMs, signal)
    }
  }
}
