/** A reading that is under way, or done. */
interface Reading<Value> {
  readonly value: Promise<Value>
  readonly stop: AbortController
  waiting: number
  isDone: boolean
}

/**
 * What is read once for all who ask for it. The reading goes on while one of them waits, and is given up with the last: what was given
 * up or failed is read anew for whoever asks next.
 */
export class SharedLoad<Value> {
  readonly #load: (signal: AbortSignal) => Promise<Value>
  #reading: Reading<Value> | undefined

  /** @param load - Its signal aborts when nobody waits for it any more. */
  constructor(load: (signal: AbortSignal) => Promise<Value>) {
    this.#load = load
  }

  /** @throws What the signal aborted with; what the reading failed with. */
  async get(signal: AbortSignal | undefined): Promise<Value> {
    signal?.throwIfAborted()
    this.#reading ??= this.#begin()
    const reading = this.#reading
    if (reading.isDone) return await reading.value
    reading.waiting += 1
    try {
      return await untilAborted(reading.value, signal)
    } finally {
      reading.waiting -= 1
      if (reading.waiting === 0 && !reading.isDone) {
        this.#forget(reading)
        reading.stop.abort(new Error('nobody waits for it any more'))
      }
    }
  }

  /** What is there, or is being read for others; undefined where nobody has asked for it. @throws As `get`. */
  async getIfAsked(signal: AbortSignal | undefined): Promise<Value | undefined> {
    return this.#reading && (await this.get(signal))
  }

  #begin(): Reading<Value> {
    const stop = new AbortController()
    const reading: Reading<Value> = { value: this.#load(stop.signal), stop, waiting: 0, isDone: false }
    reading.value.then(
      () => {
        reading.isDone = true
      },
      () => this.#forget(reading),
    )
    return reading
  }

  #forget(reading: Reading<Value>): void {
    if (this.#reading === reading) this.#reading = undefined
  }
}

async function untilAborted<Value>(value: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return await value
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason as Error)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([value, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
