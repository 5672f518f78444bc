import type { EventBatch } from '@timeskein/model'
import type { PreparedStretch } from '../threads/prepare-stretch.ts'

/** Stretches of one input that are read or wait to be stored: each takes up to some hundred megabytes. */
export class OpenStretches {
  /** Batches of each stretch that are not stored yet. */
  readonly #left = new WeakMap<EventBatch, { batches: number }>()
  #count = 0

  get count(): number {
    return this.#count
  }

  /** Counts a stretch until all of its batches are released. */
  async add(reading: Promise<PreparedStretch>): Promise<PreparedStretch> {
    this.#count++
    let stretch: PreparedStretch
    try {
      stretch = await reading
    } catch (error) {
      this.#count--
      throw error
    }
    const left = { batches: stretch.batches.length }
    if (left.batches === 0) this.#count--
    for (const { batch } of stretch.batches) this.#left.set(batch, left)
    return stretch
  }

  /** A batch was stored; does nothing for those of no stretch that was added. */
  release(batch: EventBatch): void {
    const left = this.#left.get(batch)
    if (left === undefined) return
    this.#left.delete(batch)
    if (--left.batches === 0) this.#count--
  }
}
