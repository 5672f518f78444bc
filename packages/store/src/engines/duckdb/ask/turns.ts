/** Longest stretch of work before others get their turn. */
const SLICE_MS = 8

/** Keeps long work from holding the event loop: to be asked at every step that is short by itself. */
export class Turns {
  #sliceStart: number = performance.now()

  /** True when it is time to wait for `giveWay`. */
  get isDue(): boolean {
    return performance.now() - this.#sliceStart >= SLICE_MS
  }

  /** Lets everything else that waits for the event loop go first. */
  async giveWay(): Promise<void> {
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
    this.#sliceStart = performance.now()
  }
}
