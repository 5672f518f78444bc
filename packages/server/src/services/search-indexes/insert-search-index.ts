import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import { grantAll, setPublic } from '../access/grants.ts'
import { addObjectLabels } from '../object-labels.ts'

/** Writes a new record with its grants and labels. Returns its id. */
export async function insertSearchIndex(
  db: Kysely<Schema>,
  input: {
    name: string
    indexName: string
    description: string
    userId: number
    atMs: number
    isPublic?: boolean
    labels?: readonly string[]
    status?: string
  },
): Promise<number> {
  const { id } = await db
    .insertInto('search_indexes')
    .values({
      name: input.name,
      index_name: input.indexName,
      description: input.description,
      owner_id: input.userId,
      status: input.status ?? 'new',
      status_changed_at_ms: input.atMs,
      created_at_ms: input.atMs,
      updated_at_ms: input.atMs,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await grantAll(db, 'searchindex', id, input.userId)
  if (input.isPublic) await setPublic(db, 'searchindex', id, true)
  await addObjectLabels(db, { kind: 'searchindex', id }, input.labels ?? [], {
    userId: input.userId,
    atMs: input.atMs,
  })
  return id
}
