/** Closed while somebody else writes; of those who would write, each waits until it is open. */
export class WriteGate {
  #opening: PromiseWithResolvers<void> | undefined
  #hasHeldUp = false

  /** Somebody has waited since it was closed the last time. */
  get hasHeldUp(): boolean {
    return this.#hasHeldUp
  }

  get isOpen(): boolean {
    return this.#opening === undefined
  }

  /** Resolves when it is open, to whoever it holds up. */
  async wait(): Promise<void> {
    this.#hasHeldUp ||= this.#opening !== undefined
    await this.#opening?.promise
  }

  /** Closes it until what it gives is disposed of. One at a time. */
  close(): Disposable {
    this.#hasHeldUp = false
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
