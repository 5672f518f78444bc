import type { Principal } from '../../../auth/principal.ts'
import { DomainError } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import { MINUTE_MS, nameCaller, Throttle, tooManyRequests } from '../../platform/throttle.ts'

/** Sockets of one user that may be open. */
export const MAX_SOCKETS = 20

/** How much of a server its sockets use. */
export class SocketLimits {
  /** Sockets by user. */
  readonly #open = new Map<number, number>()
  readonly #questions = new Throttle(() => performance.now())

  /** @throws {DomainError} `too-many` (`too-many-sockets`). */
  requireRoom({ userId }: Principal): void {
    if ((this.#open.get(userId) ?? 0) < MAX_SOCKETS) return
    throw new DomainError(
      'too-many',
      'too-many-sockets',
      `At most ${MAX_SOCKETS} sockets may be open; close one.`,
      { details: { retryAfterSeconds: 1 } },
    )
  }

  /** Counts a socket until the signal aborts. */
  add({ userId }: Principal, signal: AbortSignal): void {
    this.#count(userId, 1)
    signal.addEventListener('abort', () => this.#count(userId, -1), { once: true })
  }

  /** Counts a question over a socket as a request. @throws {DomainError} `too-many` (`rate-limited`). */
  async takeQuestion({ services, principal }: UserCall): Promise<void> {
    const requests = await services.platformLimits.requestsPerMinute('sekoia')
    const ticket = this.#questions.take(nameCaller(principal), { requests, windowMs: MINUTE_MS })
    if (!ticket.isAllowed) throw tooManyRequests(ticket)
  }

  #count(userId: number, change: 1 | -1): void {
    const count = (this.#open.get(userId) ?? 0) + change
    if (count === 0) this.#open.delete(userId)
    else this.#open.set(userId, count)
  }
}
