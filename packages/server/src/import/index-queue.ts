/** Imports at work at once, over all indexes: each keeps two threads busy. */
const MAX_RUNNING_IMPORTS = 2

interface Waiting {
  readonly key: string
  readonly run: () => Promise<void>
}

/** Runs work in order of arrival: one at a time for each key, and a bounded number over all keys. */
export class IndexQueue {
  readonly #maxRunning: number
  readonly #waiting: Waiting[] = []
  readonly #busyKeys = new Set<string>()

  constructor(maxRunning: number = MAX_RUNNING_IMPORTS) {
    this.#maxRunning = maxRunning
  }

  /** Runs `work` as soon as its turn has come. */
  add<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    this.#waiting.push({ key, run: () => work().then(resolve, reject) })
    this.#startNext()
    return promise
  }

  #startNext(): void {
    while (this.#busyKeys.size < this.#maxRunning) {
      const place = this.#waiting.findIndex((waiting) => !this.#busyKeys.has(waiting.key))
      if (place === -1) return
      const [next] = this.#waiting.splice(place, 1)
      this.#busyKeys.add(next!.key)
      void next!.run().finally(() => {
        this.#busyKeys.delete(next!.key)
        this.#startNext()
      })
    }
  }
}
