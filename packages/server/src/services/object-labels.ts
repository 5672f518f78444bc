import type { Kysely } from 'kysely'
import type { LabelledKind, Schema } from '../db/schema.ts'
import { invalid } from '../errors/domain-error.ts'
import { chunk } from './chunk.ts'

/** Longest label of a sketch, index or timeline. */
const MAX_LABEL_LENGTH = 255

/** Labels by object id, oldest first; objects without labels are left out. */
export async function loadLabels(
  db: Kysely<Schema>,
  kind: LabelledKind,
  objectIds: readonly number[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const labels = new Map<number, string[]>()
  for (const some of chunk([...new Set(objectIds)])) {
    const rows = await db
      .selectFrom('labels')
      .select(['object_id', 'label'])
      .where('kind', '=', kind)
      .where('object_id', 'in', some)
      .orderBy('at_ms')
      .orderBy('label_key')
      .execute()
    for (const row of rows) {
      const known = labels.get(row.object_id)
      if (known) known.push(row.label)
      else labels.set(row.object_id, [row.label])
    }
  }
  return labels
}

/** Adds labels that are not there yet, in any case. Returns how many were new. */
export async function addObjectLabels(
  db: Kysely<Schema>,
  object: { kind: LabelledKind; id: number },
  labels: readonly string[],
  by: { userId: number; atMs: number },
): Promise<number> {
  let added = 0
  for (const label of labels) {
    if (label.length === 0 || label.length > MAX_LABEL_LENGTH) {
      throw invalid(
        'bad-label',
        `A label has 1 to ${MAX_LABEL_LENGTH} characters; this one has ${label.length}.`,
      )
    }
    const result = await db
      .insertInto('labels')
      .values({
        kind: object.kind,
        object_id: object.id,
        label,
        label_key: label.toLowerCase(),
        user_id: by.userId,
        at_ms: by.atMs,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    added += Number(result.numInsertedOrUpdatedRows ?? 0n)
  }
  return added
}

/** Removes labels, in any case. Returns how many there were. */
export async function removeObjectLabels(
  db: Kysely<Schema>,
  object: { kind: LabelledKind; id: number },
  labels: readonly string[],
): Promise<number> {
  let removed = 0
  for (const some of chunk(labels.map((label) => label.toLowerCase()))) {
    const result = await db
      .deleteFrom('labels')
      .where('kind', '=', object.kind)
      .where('object_id', '=', object.id)
      .where('label_key', 'in', some)
      .executeTakeFirst()
    removed += Number(result.numDeletedRows)
  }
  return removed
}
