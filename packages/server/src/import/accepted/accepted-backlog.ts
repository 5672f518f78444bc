import { untilAborted } from '../../services/until-aborted.ts'

/** Bytes that may be accepted and not imported yet, over all uploaders: five of the largest pieces of events. */
const MAX_WAITING_BYTES = 1024 ** 3

interface Waiting {
  readonly sizeBytes: number
  readonly enter: () => void
}

/** Bounds what is accepted before it is imported: whoever brings more waits for their answer until there is room. */
export class AcceptedBacklog {
  readonly #maxBytes: number
  readonly #waiting: Waiting[] = []
  #bytes = 0

  constructor(maxBytes: number = MAX_WAITING_BYTES) {
    this.#maxBytes = maxBytes
  }

  /**
   * Resolves when there is room, in the order of asking; what is larger than all of it has to be alone.
   *
   * @param signal - Gives up waiting.
   * @returns To be called when it is imported, or will not be; calls after the first do nothing.
   * @throws The reason of the signal.
   */
  async enter(sizeBytes: number, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted()
    const { promise, resolve } = Promise.withResolvers<void>()
    const waiting: Waiting = { sizeBytes, enter: resolve }
    this.#waiting.push(waiting)
    this.#letIn()
    try {
      await untilAborted(promise, signal)
    } catch (error) {
      const place = this.#waiting.indexOf(waiting)
      if (place >= 0) this.#waiting.splice(place, 1)
      else this.#bytes -= sizeBytes
      this.#letIn()
      throw error
    }
    return this.#makeExit(sizeBytes)
  }

  /** Takes in what was accepted by an earlier process. @returns As `enter`. */
  add(sizeBytes: number): () => void {
    this.#bytes += sizeBytes
    return this.#makeExit(sizeBytes)
  }

  #makeExit(sizeBytes: number): () => void {
    let isIn = true
    return () => {
      if (!isIn) return
      isIn = false
      this.#bytes -= sizeBytes
      this.#letIn()
    }
  }

  #letIn(): void {
    for (;;) {
      const [next] = this.#waiting
      if (!next || (this.#bytes > 0 && this.#bytes + next.sizeBytes > this.#maxBytes)) return
      this.#waiting.shift()
      this.#bytes += next.sizeBytes
      next.enter()
    }
  }
}
