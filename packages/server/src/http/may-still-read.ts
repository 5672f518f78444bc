import { isDomainError } from '../errors/domain-error.ts'
import type { AppContext, SketchCall } from './app-types.ts'
import { findIdentity } from './identify.ts'

/**
 * Whether whoever makes a call that goes on may read its sketch now: the key is not revoked, the session not ended, the user
 * not disabled, the grant still there.
 */
export async function mayStillRead(c: AppContext, call: SketchCall): Promise<boolean> {
  const { principal } = await findIdentity(c, call.services, { renews: false })
  if (!principal?.scopes.has('read')) return false
  try {
    await call.services.access.requireSketch(principal, call.sketch.id, 'read')
    return true
  } catch (error) {
    if (isDomainError(error)) return false
    throw error
  }
}
