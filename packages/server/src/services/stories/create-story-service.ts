import type { Kysely, Selectable } from 'kysely'
import type { StoryRow } from '../../db/case-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { requireName } from '../names.ts'
import type { ServiceContext } from '../service-context.ts'
import { SketchRows } from '../sketch-rows.ts'
import { loadOwners } from '../users/load-users.ts'
import { readBlocks } from './story-block.ts'
import type { Story, StoryLine, StoryService } from './story-service.ts'

/** Stories, kept in the metadata database. */
export function createStoryService(context: ServiceContext): StoryService {
  const { db, access } = context
  const kept = new SketchRows(context, 'stories', 'story')

  const find = async (sketchId: number, id: number): Promise<Story> => {
    const row = await kept.find(sketchId, id)
    return (await toStories(db, [row]))[0]!
  }

  return {
    async list(principal, sketchId) {
      await access.requireSketch(principal, sketchId, 'read')
      const rows = await db
        .selectFrom('stories')
        .selectAll()
        .where('sketch_id', '=', sketchId)
        .orderBy('id', 'desc')
        .execute()
      return await toStories(db, rows)
    },
    async listLines(principal, sketchId) {
      await access.requireSketch(principal, sketchId, 'read')
      const rows = await db
        .selectFrom('stories')
        .select(LINE_COLUMNS)
        .where('sketch_id', '=', sketchId)
        .orderBy('id', 'desc')
        .execute()
      return await toLines(db, rows)
    },
    async get(principal, sketchId, id) {
      await access.requireSketch(principal, sketchId, 'read')
      return await find(sketchId, id)
    },
    async create(principal, sketchId, input) {
      await access.requireSketch(principal, sketchId, 'write')
      requireName('story', input.title)
      readBlocks(input.contentJson)
      const now = context.now()
      const { id } = await db
        .insertInto('stories')
        .values({
          sketch_id: sketchId,
          owner_id: principal.userId,
          title: input.title,
          content_json: input.contentJson,
          labels_json: JSON.stringify(input.labels ?? []),
          created_at_ms: now,
          updated_at_ms: now,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await kept.record(principal, 'create', sketchId, id)
      return await find(sketchId, id)
    },
    async update(principal, sketchId, id, input) {
      await access.requireSketch(principal, sketchId, 'write')
      await find(sketchId, id)
      requireName('story', input.title)
      readBlocks(input.contentJson)
      await db
        .updateTable('stories')
        .set({
          title: input.title,
          content_json: input.contentJson,
          ...(input.labels === undefined ? {} : { labels_json: JSON.stringify(input.labels) }),
          updated_at_ms: context.now(),
        })
        .where('id', '=', id)
        .execute()
      await kept.record(principal, 'update', sketchId, id)
      return await find(sketchId, id)
    },
    async delete(principal, sketchId, id) {
      await access.requireSketch(principal, sketchId, 'write')
      await find(sketchId, id)
      await db.deleteFrom('stories').where('id', '=', id).execute()
      await kept.record(principal, 'delete', sketchId, id)
    },
  }
}

/** What a list reads: stories may be long. */
const LINE_COLUMNS = ['id', 'sketch_id', 'owner_id', 'title', 'created_at_ms', 'updated_at_ms'] as const

async function toStories(
  db: Kysely<Schema>,
  rows: readonly Selectable<StoryRow>[],
): Promise<readonly Story[]> {
  const lines = await toLines(db, rows)
  return rows.map((row, at) => ({
    ...lines[at]!,
    contentJson: row.content_json,
    labels: JSON.parse(row.labels_json) as string[],
  }))
}

async function toLines(
  db: Kysely<Schema>,
  rows: readonly Pick<Selectable<StoryRow>, (typeof LINE_COLUMNS)[number]>[],
): Promise<readonly StoryLine[]> {
  const owners = await loadOwners(db, rows)
  return rows.map((row) => ({
    id: row.id,
    sketchId: row.sketch_id,
    owner: owners.get(row.owner_id),
    title: row.title,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}
