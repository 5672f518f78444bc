import type { Principal } from '../../auth/principal.ts'
import type { Organisation } from '../../services/organisations/organisation-service.ts'
import type { Services } from '../../services/services.ts'

/** The community of whatever names none: the default organisation. */
export async function findCommunity(services: Services, principal: Principal): Promise<Organisation> {
  return await services.organisations.getDefault(principal)
}

/** Whether a request that names communities means the one that there is. */
export async function namesCommunity(
  services: Services,
  principal: Principal,
  uuids: readonly string[] | null | undefined,
): Promise<boolean> {
  if (!uuids || uuids.length === 0) return true
  const named = new Set(uuids.map((uuid) => uuid.toLowerCase()))
  return (await services.organisations.list(principal)).some(({ uid }) => named.has(uid))
}
