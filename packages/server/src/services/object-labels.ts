import type { Kysely } from 'kysely'
import type { LabelledKind, Schema } from '../db/schema.ts'
import { invalid } from '../errors/domain-error.ts'
import { chunk } from './chunk.ts'

/** Longest label of a sketch, index or timeline. */
const MAX_LABEL_LENGTH = 255
/** Most labels that are added at once. */
export const MAX_LABELS = 1000

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

/**
 * Adds labels that are not there yet, in any case, all or none.
 *
 * @returns How many were new.
 * @throws {DomainError} `invalid` (`bad-label`, `too-many-labels`).
 */
export async function addObjectLabels(
  db: Kysely<Schema>,
  object: { kind: LabelledKind; id: number },
  labels: readonly string[],
  by: { userId: number; atMs: number },
): Promise<number> {
  if (labels.length === 0) return 0
  if (labels.length > MAX_LABELS)
    throw invalid(
      'too-many-labels',
      `At most ${MAX_LABELS} labels are added at once; these are ${labels.length}.`,
    )
  const bad = labels.find((label) => label.length === 0 || label.length > MAX_LABEL_LENGTH)
  if (bad !== undefined)
    throw invalid('bad-label', `A label has 1 to ${MAX_LABEL_LENGTH} characters; this one has ${bad.length}.`)
  const rows = labels.map((label) => ({
    kind: object.kind,
    object_id: object.id,
    label,
    label_key: label.toLowerCase(),
    user_id: by.userId,
    at_ms: by.atMs,
  }))
  const result = await db
    .insertInto('labels')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n)
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
