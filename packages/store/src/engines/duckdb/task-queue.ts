/** Runs tasks one after the other, in the order they came. */
export class TaskQueue {
  #tail: Promise<void> = Promise.resolve()

  /** Runs `task` when all before it have ended; a task that fails does not stop those behind it. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task)
    this.#tail = result.then(ignore, ignore)
    return result
  }

  /** Waits for a turn and keeps it until the returned function is called. */
  async take(): Promise<() => void> {
    const turn = Promise.withResolvers<void>()
    const before = this.#tail
    this.#tail = before.then(() => turn.promise)
    await before
    return turn.resolve
  }

  /** Resolves when nothing that was queued before this call is left. */
  async drain(): Promise<void> {
    await this.#tail
  }
}

function ignore(): void {
  // The caller of `run` has the result or the error.
}
