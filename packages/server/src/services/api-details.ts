import type { Kysely } from 'kysely'
import type { Schema } from '../db/schema.ts'
import { chunk } from './chunk.ts'

type Kind = Schema['api_details']['kind']

/** What an API said of things beside what they are here, by their uids; those of which it said nothing are left out. */
export async function loadApiDetails<Details>(
  db: Kysely<Schema>,
  kind: Kind,
  uids: readonly string[],
): Promise<ReadonlyMap<string, Details>> {
  const details = new Map<string, Details>()
  for (const some of chunk(uids)) {
    const rows = await db
      .selectFrom('api_details')
      .selectAll()
      .where('kind', '=', kind)
      .where('uid', 'in', some)
      .execute()
    for (const row of rows) details.set(row.uid, JSON.parse(row.details_json) as Details)
  }
  return details
}

/** Keeps what an API says of a thing, in the place of what it said before. */
export async function keepApiDetails(
  db: Kysely<Schema>,
  kind: Kind,
  uid: string,
  details: object,
): Promise<void> {
  const details_json = JSON.stringify(details)
  await db
    .insertInto('api_details')
    .values({ kind, uid, details_json })
    .onConflict((already) => already.columns(['kind', 'uid']).doUpdateSet({ details_json }))
    .execute()
}

/** Forgets it. */
export async function dropApiDetails(db: Kysely<Schema>, kind: Kind, uid: string): Promise<void> {
  await db.deleteFrom('api_details').where('kind', '=', kind).where('uid', '=', uid).execute()
}
