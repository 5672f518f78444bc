import { forbidden } from '../errors/domain-error.ts'
import type { Principal } from './principal.ts'

/** Refuses whoever does not act as an administrator. @throws {DomainError} `forbidden` (`not-an-admin`). */
export function requireAdmin(principal: Principal): void {
  if (!principal.isAdmin) throw forbidden('not-an-admin', 'Only administrators may do this.')
}
