/** Turns at things that only one may do at a time: of one name one after the other, in the order asked. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /**
   * Does the work when all that was asked for before under this name has ended, well or not. Work must not ask for its own
   * name again: it would wait for itself.
   */
  async take<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(name)
    const turn = Promise.withResolvers<void>()
    this.#last.set(name, turn.promise)
    try {
      await before
      return await work()
    } finally {
      if (this.#last.get(name) === turn.promise) this.#last.delete(name)
      turn.resolve()
    }
  }
}
