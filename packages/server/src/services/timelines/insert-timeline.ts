import { randomInt } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import { addObjectLabels, loadLabels } from '../object-labels.ts'
import { PROTECTIVE_LABELS } from '../sketches/sketch-service.ts'

/**
 * Writes a new timeline; protective labels of its sketch come with it, and go to the record of its index where that is the
 * user's own: whoever attaches another's index changes nothing of it.
 *
 * @returns Its id.
 */
export async function insertTimeline(
  db: Kysely<Schema>,
  input: {
    sketchId: number
    searchIndexId: number
    name: string
    description: string
    status: string
    userId: number
    atMs: number
  },
): Promise<number> {
  const { id } = await db
    .insertInto('timelines')
    .values({
      sketch_id: input.sketchId,
      search_index_id: input.searchIndexId,
      name: input.name,
      description: input.description,
      color: makeColor(),
      owner_id: input.userId,
      status: input.status,
      status_changed_at_ms: input.atMs,
      created_at_ms: input.atMs,
      updated_at_ms: input.atMs,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const labels = (await loadLabels(db, 'sketch', [input.sketchId])).get(input.sketchId) ?? []
  const protective = labels.filter((label) => PROTECTIVE_LABELS.includes(label.toLowerCase()))
  const by = { userId: input.userId, atMs: input.atMs }
  await addObjectLabels(db, { kind: 'timeline', id }, protective, by)
  if (protective.length > 0 && (await isOwner(db, input.searchIndexId, input.userId))) {
    await addObjectLabels(db, { kind: 'searchindex', id: input.searchIndexId }, protective, by)
  }
  return id
}

async function isOwner(db: Kysely<Schema>, searchIndexId: number, userId: number): Promise<boolean> {
  const row = await db
    .selectFrom('search_indexes')
    .select('owner_id')
    .where('id', '=', searchIndexId)
    .executeTakeFirst()
  return row?.owner_id === userId
}

/** A random light colour: any hue, saturation 0.5, value 0.95 (as Timesketch's). */
function makeColor(): string {
  const hue = randomInt(360)
  const channel = (offset: number): string => {
    const k = (offset + hue / 60) % 6
    const level = 0.95 - 0.95 * 0.5 * Math.max(0, Math.min(k, 4 - k, 1))
    return Math.round(level * 255)
      .toString(16)
      .padStart(2, '0')
  }
  return (channel(5) + channel(3) + channel(1)).toUpperCase()
}
