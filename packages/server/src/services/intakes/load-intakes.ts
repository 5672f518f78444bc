import type { Kysely } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import { readableSketches, writableSketches } from '../access/readable-by.ts'
import type { Intake } from './intake-service.ts'

/** Intakes, oldest first. @param principal - Only those of sketches that they may read, with the keys of those that they may write to. @default all */
export async function findIntakes(
  db: Kysely<Schema>,
  wanted: { readonly uid?: string; readonly intake_key?: string },
  principal?: Principal,
): Promise<readonly Intake[]> {
  let query = db
    .selectFrom('intakes')
    .innerJoin('sketches', 'sketches.id', 'intakes.sketch_id')
    .selectAll('intakes')
    .select('sketches.name as sketch_name')
    .where('sketches.status', '!=', 'deleted')
    .orderBy('intakes.created_at_ms')
    .orderBy('intakes.uid')
  if (wanted.uid !== undefined) query = query.where('intakes.uid', '=', wanted.uid)
  if (wanted.intake_key !== undefined) query = query.where('intakes.intake_key', '=', wanted.intake_key)
  if (principal) query = query.where('intakes.sketch_id', 'in', readableSketches(principal))
  const maySee = principal && (await findWritable(db, principal))
  return (await query.execute()).map((row) => ({
    uid: row.uid,
    name: row.name,
    key: !maySee || maySee.has(row.sketch_id) ? row.intake_key : '',
    sketchId: row.sketch_id,
    sketchName: row.sketch_name,
    formatUid: row.format_uid,
    timelineId: row.timeline_id ?? undefined,
    userId: row.user_id,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}

/** Sketches with intakes that somebody may write to by the way that they came in. */
async function findWritable(db: Kysely<Schema>, principal: Principal): Promise<ReadonlySet<number>> {
  if (!principal.scopes.has('write')) return new Set()
  const rows = await db
    .selectFrom('intakes')
    .select('sketch_id')
    .distinct()
    .where('sketch_id', 'in', writableSketches(principal))
    .execute()
  return new Set(rows.map(({ sketch_id }) => sketch_id))
}
