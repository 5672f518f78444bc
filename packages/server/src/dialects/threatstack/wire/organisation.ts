import type { Principal } from '../../../auth/principal.ts'
import { forbidden } from '../../../errors/domain-error.ts'
import type { AppContext, UserCall } from '../../../http/app-types.ts'
import type { Organisation } from '../../../services/organisations/organisation-service.ts'
import { toShortUid } from '../../../services/row-uid.ts'
import type { Services } from '../../../services/services.ts'

/** The organisation of an id of 24 or 32 digits; undefined for one that is not known. */
export async function findOrganisation(
  services: Services,
  principal: Principal,
  id: string | undefined,
): Promise<Organisation | undefined> {
  const wanted = toShortUid((id ?? '').toLowerCase())
  return (await services.organisations.list(principal)).find(({ uid }) => toShortUid(uid) === wanted)
}

/**
 * The organisation that a call is about: the one it names, in the header `Organization` or as a parameter, or the default one.
 *
 * @throws {DomainError} `forbidden` (`other-organisation`).
 */
export async function requireOrganisation(
  { services, principal }: UserCall,
  c: AppContext,
): Promise<Organisation> {
  const named = c.req.header('organization') ?? c.req.query('organization')
  const found =
    named === undefined || named === ''
      ? await services.organisations.getDefault(principal)
      : await findOrganisation(services, principal, named)
  if (found) return found
  throw forbidden(
    'other-organisation',
    `The key does not see the organization ${(named ?? '').slice(0, 40)}.`,
  )
}
