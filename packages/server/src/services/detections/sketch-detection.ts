import type { DetectPosition } from '@timeskein/analyze'
import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import type { TimelineSelection } from '../explore/explore-service.ts'

/**
 * All events of a sketch, those too of timelines into which more is being imported: what was looked at is noted by row number,
 * so that none before it may be left out.
 */
export const WHOLE_SKETCH: TimelineSelection = { entries: 'all', includeProcessing: true }

/** How a sketch is watched. */
export interface SketchDetection {
  /** Events are looked at as they come. */
  readonly isLive: boolean
  /** What was looked at and counted; where it is empty, the next live run looks at all and counts anew. */
  readonly position: DetectPosition
}

/** How a sketch is watched; unless somebody said otherwise its events are looked at as they come. */
export async function findSketchDetection(db: Kysely<Schema>, sketchId: number): Promise<SketchDetection> {
  const row = await db
    .selectFrom('sketch_detection')
    .select(['is_live', 'position_json'])
    .where('sketch_id', '=', sketchId)
    .executeTakeFirst()
  return row
    ? { isLive: row.is_live === 1, position: JSON.parse(row.position_json) as DetectPosition }
    : { isLive: true, position: {} }
}

/** Turns watching on or off. */
export async function saveLive(db: Kysely<Schema>, sketchId: number, isLive: boolean): Promise<void> {
  const is_live = isLive ? 1 : 0
  await db
    .insertInto('sketch_detection')
    .values({ sketch_id: sketchId, is_live, position_json: '{}' })
    .onConflict((conflict) => conflict.column('sketch_id').doUpdateSet({ is_live }))
    .execute()
}

/** Notes what was looked at. */
export async function savePosition(
  db: Kysely<Schema>,
  sketchId: number,
  position: DetectPosition,
): Promise<void> {
  const position_json = JSON.stringify(position)
  await db
    .insertInto('sketch_detection')
    .values({ sketch_id: sketchId, is_live: 1, position_json, may_have_unseen: 0 })
    .onConflict((conflict) => conflict.column('sketch_id').doUpdateSet({ position_json, may_have_unseen: 0 }))
    .execute()
}

/**
 * Notes that events of a sketch, or of all, may not have been looked at: the next server that starts asks the store. Where it
 * is not noted that start does without the store and its memory.
 */
export async function expectUnseen(db: Kysely<Schema>, sketchId?: number): Promise<void> {
  await db
    .updateTable('sketch_detection')
    .set({ may_have_unseen: 1 })
    .$if(sketchId !== undefined, (update) => update.where('sketch_id', '=', Number(sketchId)))
    .execute()
}

/** Notes that the store was asked and holds nothing that was not looked at. */
export async function noteAllSeen(db: Kysely<Schema>, sketchId: number): Promise<void> {
  await db
    .updateTable('sketch_detection')
    .set({ may_have_unseen: 0 })
    .where('sketch_id', '=', sketchId)
    .execute()
}

/**
 * Forgets what was looked at when a run over a part of the sketch, or with other rules, counted events behind it: looked at once
 * more as new ones, they would count twice.
 *
 * @param reached - How far that run saw.
 */
export async function forgetOvertakenPosition(
  db: Kysely<Schema>,
  sketchId: number,
  reached: DetectPosition,
): Promise<void> {
  const { position } = await findSketchDetection(db, sketchId)
  const isOvertaken = Object.entries(reached).some(([index, next]) => next > (position[index] ?? 0))
  if (!isOvertaken) return
  await savePosition(db, sketchId, {})
  await expectUnseen(db, sketchId)
}
