/** Turns at the one connection: each has it to itself from `take` to `release`, in the order asked. */
export class ConnectionTurn {
  #isTaken = false
  readonly #waiting: (() => void)[] = []

  async take(): Promise<void> {
    if (!this.#isTaken) this.#isTaken = true
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  release(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#isTaken = false
  }

  /** Others have their turns until this is fulfilled; then it is the caller's again. */
  async giveWay(until: Promise<void>): Promise<void> {
    this.release()
    await until
    await this.take()
  }
}
