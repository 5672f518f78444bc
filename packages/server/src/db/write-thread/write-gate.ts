/** Closed while somebody else writes; of those who would write, each waits until it is open. */
export class WriteGate {
  #opening: PromiseWithResolvers<void> | undefined

  /** Resolves when it is open; undefined where it is. */
  get opened(): Promise<void> | undefined {
    return this.#opening?.promise
  }

  /** Closes it until what it gives is disposed of. One at a time. */
  close(): Disposable {
    const opening = Promise.withResolvers<void>()
    this.#opening = opening
    return {
      [Symbol.dispose]: () => {
        this.#opening = undefined
        opening.resolve()
      },
    }
  }
}
