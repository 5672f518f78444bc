import { setImmediate } from 'node:timers/promises'

/** How long work goes on before others of the process get their turn, in milliseconds. */
const MAX_BUSY_MS = 20

/** The time of long work that the process shares with others: between its parts they get their turn. */
export class SharedTime {
  #busySince = performance.now()

  /** To be awaited between two parts. @throws The reason of the signal, when it was aborted. */
  async share(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (performance.now() - this.#busySince < MAX_BUSY_MS) return
    await setImmediate()
    this.#busySince = performance.now()
  }
}
