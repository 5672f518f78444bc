import type { ElementsNamed } from '@timeskein/model/elements'
import type { UserCall } from '../../../http/app-types.ts'
import type { FactFilter } from '../../../services/json-facts.ts'

/** Names organisations of ours by their numbers. */
export type NameOrganization = (id: number) => ElementsNamed

/** Loads organisations, for the items of one answer. */
export async function loadOrganizations(call: UserCall): Promise<NameOrganization> {
  const all = await call.services.organisations.list(call.principal)
  const byId = new Map(all.map(({ id, uid, name }) => [id, { id: uid, name }]))
  return (id) => byId.get(id) ?? { id: '', name: '' }
}

/**
 * Whose items are meant: everything by default and for the default organisation, to which all others belong; else what belongs to
 * one of ours, or what the record of its platform says is of that one.
 *
 * @param path - Where records tell it.
 */
export async function readOrganization(
  call: UserCall,
  organizationId: string | null | undefined,
  path: string,
): Promise<{ readonly organisationId?: number; readonly facts: readonly FactFilter[] }> {
  if (organizationId === undefined || organizationId === null) return { facts: [] }
  const all = await call.services.organisations.list(call.principal)
  const own = all.find(({ uid }) => uid === organizationId.toLowerCase())
  if (own) return own.isDefault ? { facts: [] } : { organisationId: own.id, facts: [] }
  return { facts: [{ path, oneOf: [organizationId] }] }
}
