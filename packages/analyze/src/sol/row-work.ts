import { Turns } from '@timeskein/store'
import type { SolRow } from './row.ts'

/** Bytes, roughly, that the rows of one run may hold in memory, those of named pipelines too. */
const MAX_RUN_BYTES = 256 * 1024 * 1024
/** What a row and each of its members take beside the values. */
const ROW_BYTES = 48
const MEMBER_BYTES = 16
/** Rows between two looks at the clock. */
const ROWS_A_LOOK = 256

/**
 * What a run does with many rows at a time: it holds no more of them than it may, gives others of the process their turn, and ends
 * when its signal does.
 */
export class RowWork {
  readonly #signal: AbortSignal | undefined
  readonly #maxBytes: number
  readonly #turns = new Turns()
  #bytes = 0

  /** @param maxBytes - @default 256 MiB */
  constructor(signal?: AbortSignal, maxBytes: number = MAX_RUN_BYTES) {
    this.#signal = signal
    this.#maxBytes = maxBytes
  }

  /** Counts a row that was read with all that is in it. @throws {RangeError} When the run holds more than it may. */
  holdRead(row: SolRow): void {
    this.#hold(sizeOf(row))
  }

  /** Counts a row that was made of others, whose values it shares. @throws {RangeError} When the run holds more than it may. */
  holdMade(memberCount: number): void {
    this.#hold(ROW_BYTES + memberCount * MEMBER_BYTES)
  }

  /** The rows, with pauses in which others have their turn. @throws The reason of the signal, when it was aborted. */
  async *walk(rows: readonly SolRow[]): AsyncGenerator<readonly SolRow[], void, undefined> {
    for (let at = 0; at < rows.length; at += ROWS_A_LOOK) {
      this.#signal?.throwIfAborted()
      yield rows.slice(at, at + ROWS_A_LOOK)
      if (this.#turns.isDue) await this.#turns.giveWay()
    }
  }

  async filter(rows: readonly SolRow[], passes: (row: SolRow) => boolean): Promise<readonly SolRow[]> {
    const kept: SolRow[] = []
    for await (const some of this.walk(rows)) for (const row of some) if (passes(row)) kept.push(row)
    return kept
  }

  #hold(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > this.#maxBytes)
      throw new RangeError(
        `the rows of a run may hold about ${Math.floor(this.#maxBytes / 1024 / 1024)} MiB, these hold more: narrow them with where, or lower internal_fetch_limit`,
      )
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return MEMBER_BYTES + value.length
  if (typeof value !== 'object' || value === null) return MEMBER_BYTES
  let bytes = ROW_BYTES
  for (const member of Object.values(value)) bytes += MEMBER_BYTES + sizeOf(member)
  return bytes
}
