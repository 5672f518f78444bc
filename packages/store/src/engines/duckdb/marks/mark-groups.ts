import type { NewMark } from './write-marks.ts'

/** Operations, and bytes of their rows and values, beyond which those that wait are left for the next write. */
const MAX_GROUP_MARKS = 256
const MAX_GROUP_BYTES = 8 * 1024 * 1024

interface Waiting {
  readonly marks: readonly NewMark[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * New marks on their way to an index. What comes while others are written waits and is written together with all else that
 * came meanwhile: many who mark at once wait for a commit or two, not for as many as they are.
 */
export class MarkGroups {
  readonly #write: (marks: readonly NewMark[]) => Promise<void>
  readonly #waiting: Waiting[] = []
  #isWriting = false

  /** @param write - Writes all of the marks or none, those that are written already not again; durable when it resolves. */
  constructor(write: (marks: readonly NewMark[]) => Promise<void>) {
    this.#write = write
  }

  /** Resolves when these marks are written: all, or none of them where it rejects. */
  add(marks: readonly NewMark[]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push({ marks, resolve, reject })
    if (!this.#isWriting) void this.#writeAll()
    return promise
  }

  /** Never rejects: whoever waits is told. */
  async #writeAll(): Promise<void> {
    this.#isWriting = true
    while (this.#waiting.length > 0) {
      await this.#writeTogether(this.#waiting.splice(0, this.#countFitting()))
    }
    this.#isWriting = false
  }

  /** What fails together is written again one by one: only who is at fault is told that it failed. */
  async #writeTogether(group: readonly Waiting[]): Promise<void> {
    try {
      await this.#write(group.flatMap(({ marks }) => marks))
      for (const { resolve } of group) resolve()
    } catch (error) {
      if (group.length === 1) group[0]!.reject(error)
      else for (const one of group) await this.#writeTogether([one])
    }
  }

  /** How many of those that wait are written together; one at least. */
  #countFitting(): number {
    let marksCount = 0
    let sizeBytes = 0
    for (const [at, { marks }] of this.#waiting.entries()) {
      marksCount += marks.length
      for (const { seqs, value, json } of marks) sizeBytes += seqs.length + value.length + (json?.length ?? 0)
      if (at > 0 && (marksCount > MAX_GROUP_MARKS || sizeBytes > MAX_GROUP_BYTES)) return at
    }
    return this.#waiting.length
  }
}
