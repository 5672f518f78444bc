/** Some of many values, evenly spread over all of them: the first ones alone may be empty, or of another kind. */
export class SpreadSample<T> {
  readonly #least: number
  #values: T[] = []
  #seen = 0
  /** Of so many values one is kept. */
  #step = 1

  /** @param least - Values kept at least, once there are as many; at most twice as many are. */
  constructor(least: number) {
    this.#least = least
  }

  get values(): readonly T[] {
    return this.#values
  }

  /** @param getValue - Called when the value is to be kept. */
  add(getValue: () => T): void {
    if (this.#seen++ % this.#step !== 0) return
    this.#values.push(getValue())
    if (this.#values.length <= this.#least * 2) return
    this.#values = this.#values.filter((_, place) => place % 2 === 0)
    this.#step *= 2
  }
}
