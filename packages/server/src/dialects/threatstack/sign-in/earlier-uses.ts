import type { SigningKey } from '../../../services/platform-keys/platform-key-service.ts'

/** When a key was used is noted by the minute. */
const NOTED_SECONDS = 60

/** Knows of which keys another process may have taken requests that are still good, and that nobody remembers any more. */
export class EarlierUses {
  readonly #startedAt: number
  readonly #skew: number
  /** By key, as it was when this process met it first. */
  readonly #isRecent = new Map<string, boolean>()

  /** @param startedAt - When this process began, in seconds since 1970. @param skew - Seconds that clocks may differ by. */
  constructor(startedAt: number, skew: number) {
    this.#startedAt = startedAt
    this.#skew = skew
  }

  /** Whether the process before may have taken a request; to be asked of every request. @param ts - When it was signed, in seconds since 1970. */
  mayHaveTaken({ key, lastUsedAtMs }: Pick<SigningKey, 'key' | 'lastUsedAtMs'>, ts: number): boolean {
    let isRecent = this.#isRecent.get(key)
    if (isRecent === undefined) {
      const since = this.#startedAt - 2 * this.#skew - NOTED_SECONDS
      isRecent = lastUsedAtMs !== undefined && lastUsedAtMs >= since * 1000
      this.#isRecent.set(key, isRecent)
    }
    return isRecent && ts < this.#startedAt
  }
}
