import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema.ts'

/** Facts of devices by which lists of Elements are asked for, and what counts where nothing is told. */
const ELEMENTS_FACTS: Readonly<Record<string, readonly [path: string, ifMissing?: string]>> = {
  protection: ['protectionStatusOverview', 'allOk'],
  type: ['type', 'computer'],
  state: ['state', 'active'],
  online: ['online', 'false'],
  patchOverallState: ['patchOverallState'],
  serialNumber: ['serialNumber'],
  clientVersion: ['clientVersion'],
  publicIpAddress: ['publicIpAddress'],
  os_name: ['os.name'],
  activeDirectoryGroup: ['activeDirectoryGroup'],
  subscription_key: ['subscription.key'],
}

/**
 * Version 26: devices and incidents by facts of their records, as `matchFact` asks. SQLite takes JSON of more than a thousand levels for
 * malformed: the indexes that versions 10, 15 and 21 once made refused records that hold such.
 */
export async function indexFacts(db: Kysely<Schema>): Promise<void> {
  const make = async (name: string, on: string): Promise<void> => {
    await sql`drop index if exists ${sql.ref(name)}`.execute(db)
    await sql`create index ${sql.ref(name)} on ${sql.raw(on)}`.execute(db)
  }
  await make('incidents_by_platform_id', `incidents (${fact('details_json', 'incidentId')})`)
  for (const [name, [path, ifMissing]] of Object.entries(ELEMENTS_FACTS)) {
    const told = [fact('decided_json', path), fact('details_json', `elements.${path}`)]
    const all = ifMissing === undefined ? told : [...told, `'${ifMissing}'`]
    await make(`devices_by_${name}`, `devices (lower(coalesce(${all.join(', ')})), id)`)
  }
  const cloud = [fact('decided_json', 'instanceId'), fact('details_json', 'threatstack.instanceId')]
  await make('devices_of_cloud', `devices (id) where coalesce(${cloud.join(', ')}) is not null`)
}

function fact(column: string, path: string): string {
  return `case when json_valid("${column}") then json_extract("${column}", '$.${path}') end`
}
