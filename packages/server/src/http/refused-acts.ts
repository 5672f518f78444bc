import { isDomainError } from '../errors/domain-error.ts'
import type { AuditService } from '../services/audit/audit-service.ts'
import type { AppContext, PublicCall, RouteDeclaration } from './app-types.ts'
import { RefusalBudgets } from './refusal-budgets.ts'

/** Longest words of a refusal in an entry. */
const MAX_WORDS = 200

/**
 * Enters in the audit log what somebody tried and may not do: refused acts of known callers, and keys and tokens that are not
 * good. Who asks again and again cannot fill the disk: the same again within ten minutes is counted, not entered, and so is whatever
 * comes after so many entries of one user, or of all strangers, in that time. Their next entry tells how many. Each request is in the
 * server's log anyway.
 */
export class RefusedActs {
  readonly #audit: AuditService
  readonly #budgets: RefusalBudgets

  constructor(audit: AuditService, now: () => number) {
    this.#audit = audit
    this.#budgets = new RefusalBudgets(now)
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
    const { method, path, dialect } = route
    const { code } = error
    const message = error.message.slice(0, MAX_WORDS)
    const sketch = /^\d{1,15}$/.exec(c.req.param('sketchId') ?? '')?.[0]
    const untold = isForbidden
      ? this.#budgets.take(call.principal!.userId, `${method} ${path} ${sketch} ${code} ${message}`)
      : this.#budgets.take('strangers', `${call.address} ${method} ${path} ${code}`)
    if (untold === undefined) return
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
        details: { method, path, dialect, code, message, ...(untold > 0 ? { notEntered: untold } : {}) },
      },
    )
  }
}
