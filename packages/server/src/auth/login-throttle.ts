/** Failures that cost nothing yet. */
export const FREE_FAILURES = 5
/** Longest wait between two attempts. */
const MAX_WAIT_MS: number = 15 * 60_000
/** Failures are forgotten after so long without another one. */
const FORGET_AFTER_MS: number = 60 * 60_000
/** Pairs of name and address remembered; the one longest unused gives way. */
const MAX_REMEMBERED = 10_000

interface Failures {
  count: number
  lastAtMs: number
  /** Somebody was told to wait since the last failure. */
  isRefusalTold?: boolean
}

/**
 * Slows down guessing: after five failures for a name from an address the wait doubles with each further one (1 s, 2 s, 4 s …
 * up to 15 minutes); failures for one address over all names count at a tenth.
 */
export class LoginThrottle {
  readonly #failures = new Map<string, Failures>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Milliseconds to wait before the next attempt; 0 when it may be made now. */
  waitMs(username: string, address: string): number {
    return Math.max(this.#waitOf(pairKey(username, address), 1), this.#waitOf(addressKey(address), 10))
  }

  /**
   * Says of a refused attempt whether it is the first since the last counted one: a flood of them is told once, so that who
   * guesses cannot fill the audit log.
   */
  isFirstRefusal(username: string, address: string): boolean {
    let isFirst = true
    for (const key of [pairKey(username, address), addressKey(address)]) {
      const failures = this.#read(key)
      if (!failures) continue
      if (failures.isRefusalTold) isFirst = false
      failures.isRefusalTold = true
    }
    return isFirst
  }

  /** Counts an attempt as failed, before it is known whether it is: attempts made at once must count for one another. */
  begin(username: string, address: string): void {
    for (const key of [pairKey(username, address), addressKey(address)]) {
      const failures = this.#read(key) ?? { count: 0, lastAtMs: 0 }
      this.#failures.delete(key)
      this.#failures.set(key, { count: failures.count + 1, lastAtMs: this.#now() })
    }
    while (this.#failures.size > MAX_REMEMBERED) {
      this.#failures.delete(this.#failures.keys().next().value ?? '')
    }
  }

  /** The attempt was a good login: forgets the failures of the name from the address, and that it counted for the address. */
  succeed(username: string, address: string): void {
    this.#failures.delete(pairKey(username, address))
    this.#uncount(addressKey(address))
  }

  /** The attempt came to no answer: it does not count. */
  release(username: string, address: string): void {
    this.#uncount(pairKey(username, address))
    this.#uncount(addressKey(address))
  }

  #waitOf(key: string, share: number): number {
    const failures = this.#read(key)
    if (!failures) return 0
    const beyond = Math.floor(failures.count / share) - FREE_FAILURES
    if (beyond < 0) return 0
    const waitMs = Math.min(1000 * 2 ** Math.min(beyond, 30), MAX_WAIT_MS)
    return Math.max(0, failures.lastAtMs + waitMs - this.#now())
  }

  #uncount(key: string): void {
    const failures = this.#failures.get(key)
    if (!failures) return
    if (failures.count <= 1) this.#failures.delete(key)
    else failures.count -= 1
  }

  #read(key: string): Failures | undefined {
    const failures = this.#failures.get(key)
    if (failures && this.#now() - failures.lastAtMs > FORGET_AFTER_MS) {
      this.#failures.delete(key)
      return undefined
    }
    return failures
  }
}

function pairKey(username: string, address: string): string {
  return `${address}\n${username.slice(0, 255).toLowerCase()}`
}

function addressKey(address: string): string {
  return `${address}\n\n`
}
