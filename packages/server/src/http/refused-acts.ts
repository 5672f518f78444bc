import { isDomainError } from '../errors/domain-error.ts'
import type { AuditService } from '../services/audit/audit-service.ts'
import type { AppContext, PublicCall, RouteDeclaration } from './app-types.ts'

/** The same refusal of the same caller is one entry in so long. */
const PERIOD_MS = 10 * 60_000
/** Most entries of a period, over all callers. */
const MAX_ENTRIES = 1000

/**
 * Enters in the audit log what somebody tried and may not do: refused acts of known callers, and keys and tokens that are not
 * good. Who asks again and again cannot fill the disk: the same again within ten minutes is counted, not entered, and so is whatever
 * comes after the thousandth entry of that time. The next entry tells how many. Each request is in the server's log anyway.
 */
export class RefusedActs {
  readonly #audit: AuditService
  readonly #now: () => number
  #entered = new Set<string>()
  #startMs = Number.NEGATIVE_INFINITY
  /** Refusals since the last entry that are in none. */
  #untold = 0

  constructor(audit: AuditService, now: () => number) {
    this.#audit = audit
    this.#now = now
  }

  /** Does nothing for errors that are no refusal of a caller, and for visitors who brought nothing to be known by. */
  async note(error: unknown, c: AppContext, route: RouteDeclaration, call: PublicCall): Promise<void> {
    if (!isDomainError(error)) return
    const isForbidden = error.kind === 'forbidden' && call.principal !== undefined
    // Public routes are where people sign in; that tells of its own refusals.
    const isUnknown =
      error.kind === 'unauthenticated' &&
      route.permission !== 'public' &&
      c.req.header('authorization') !== undefined
    if (!isForbidden && !isUnknown) return
    const who = isForbidden ? `user ${call.principal!.userId}` : `address ${call.address}`
    if (!this.#isToBeEntered(`${who} ${route.method} ${route.path} ${error.code}`)) {
      this.#untold++
      return
    }
    const untold = this.#untold
    this.#untold = 0
    const sketch = /^\d{1,15}$/.exec(c.req.param('sketchId') ?? '')?.[0]
    const { method, path, dialect } = route
    await this.#audit.note(
      (isForbidden ? call.principal : undefined) ?? {
        username: '',
        address: call.address,
        requestId: call.requestId,
      },
      {
        action: isForbidden ? 'access.refuse' : 'access.unknown',
        subject: sketch === undefined ? 'api' : `sketch/${sketch}`,
        ...(sketch === undefined ? {} : { sketchId: Number(sketch) }),
        result: 'refused',
        details: { method, path, dialect, code: error.code, ...(untold > 0 ? { notEntered: untold } : {}) },
      },
    )
  }

  #isToBeEntered(refusal: string): boolean {
    if (this.#now() - this.#startMs >= PERIOD_MS) {
      this.#startMs = this.#now()
      this.#entered = new Set()
    }
    if (this.#entered.has(refusal) || this.#entered.size >= MAX_ENTRIES) return false
    this.#entered.add(refusal)
    return true
  }
}
