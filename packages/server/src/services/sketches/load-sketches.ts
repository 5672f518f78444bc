import type { Kysely, Selectable } from 'kysely'
import type { Schema, SketchRow } from '../../db/schema.ts'
import { loadLabels } from '../object-labels.ts'
import { loadOwners } from '../users/load-users.ts'
import type { Sketch, SketchStatus } from './sketch-service.ts'

/** Makes sketches of rows, in their order. */
export async function toSketches(
  db: Kysely<Schema>,
  rows: readonly Selectable<SketchRow>[],
): Promise<readonly Sketch[]> {
  const owners = await loadOwners(db, rows)
  const labels = await loadLabels(
    db,
    'sketch',
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    description: row.description,
    owner: row.owner_id === null ? undefined : owners.get(row.owner_id),
    status: row.status as SketchStatus,
    statusChangedAtMs: row.status_changed_at_ms,
    labels: labels.get(row.id) ?? [],
    revision: row.revision,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}

/** A sketch in any state; undefined when there is none. */
export async function findSketch(db: Kysely<Schema>, sketchId: number): Promise<Sketch | undefined> {
  if (!Number.isSafeInteger(sketchId)) return undefined
  const row = await db.selectFrom('sketches').selectAll().where('id', '=', sketchId).executeTakeFirst()
  return row && (await toSketches(db, [row]))[0]
}

/** Notes a change of a sketch: its revision grows. Returns the new revision, undefined when the sketch is gone. */
export async function advanceSketch(
  db: Kysely<Schema>,
  sketchId: number,
  atMs: number,
): Promise<number | undefined> {
  const row = await db
    .updateTable('sketches')
    .set((set) => ({ revision: set('revision', '+', 1), updated_at_ms: atMs }))
    .where('id', '=', sketchId)
    .returning('revision')
    .executeTakeFirst()
  return row?.revision
}
