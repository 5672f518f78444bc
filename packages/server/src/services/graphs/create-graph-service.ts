import type { Kysely, Selectable } from 'kysely'
import type { GraphRow } from '../../db/case-schema.ts'
import type { Schema } from '../../db/schema.ts'
import type { ExploreService } from '../explore/explore-service.ts'
import { requireName } from '../names.ts'
import type { ServiceContext } from '../service-context.ts'
import { SketchRows } from '../sketch-rows.ts'
import { loadOwners } from '../users/load-users.ts'
import { drawGraph } from './draw-graph.ts'
import { readElements } from './graph-elements.ts'
import type { GraphInput, GraphLine, GraphService, SavedGraph } from './graph-service.ts'

/** Graphs: drawn by plugins, kept in the metadata database. */
export function createGraphService(context: ServiceContext, explore: ExploreService): GraphService {
  const { db, access } = context
  const kept = new SketchRows(context, 'graphs', 'graph')

  const find = async (sketchId: number, id: number): Promise<SavedGraph> => {
    const row = await kept.find(sketchId, id)
    const [line] = await toLines(db, [row])
    return { ...line!, configJson: row.config_json, elementsJson: row.elements_json }
  }

  return {
    draw: (principal, sketchId, request) => drawGraph(context, explore, principal, sketchId, request),
    async list(principal, sketchId) {
      await access.requireSketch(principal, sketchId, 'read')
      const rows = await db
        .selectFrom('graphs')
        .select(LINE_COLUMNS)
        .where('sketch_id', '=', sketchId)
        .orderBy('id')
        .execute()
      return await toLines(db, rows)
    },
    async get(principal, sketchId, id) {
      await access.requireSketch(principal, sketchId, 'read')
      return await find(sketchId, id)
    },
    async create(principal, sketchId, input) {
      await access.requireSketch(principal, sketchId, 'write')
      const now = context.now()
      const { id } = await db
        .insertInto('graphs')
        .values({
          ...toColumns(input),
          sketch_id: sketchId,
          owner_id: principal.userId,
          created_at_ms: now,
          updated_at_ms: now,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await kept.record(principal, 'create', sketchId, id)
      return await find(sketchId, id)
    },
    async update(principal, sketchId, id, change) {
      await access.requireSketch(principal, sketchId, 'write')
      const before = await find(sketchId, id)
      await db
        .updateTable('graphs')
        .set({ ...toColumns({ ...before, ...change }), updated_at_ms: context.now() })
        .where('id', '=', id)
        .execute()
      await kept.record(principal, 'update', sketchId, id)
      return await find(sketchId, id)
    },
    async delete(principal, sketchId, id) {
      await access.requireSketch(principal, sketchId, 'write')
      await find(sketchId, id)
      await db.deleteFrom('graphs').where('id', '=', id).execute()
      await kept.record(principal, 'delete', sketchId, id)
    },
  }
}

/** What a list reads: elements may be big. */
const LINE_COLUMNS = [
  'id',
  'sketch_id',
  'owner_id',
  'name',
  'description',
  'created_at_ms',
  'updated_at_ms',
] as const

/** Refuses what cannot be kept. */
function toColumns(
  input: GraphInput,
): Pick<Selectable<GraphRow>, 'name' | 'description' | 'config_json' | 'elements_json'> {
  readElements(input.elementsJson)
  return {
    name: requireName('graph', input.name),
    description: input.description,
    config_json: input.configJson,
    elements_json: input.elementsJson,
  }
}

async function toLines(
  db: Kysely<Schema>,
  rows: readonly Pick<Selectable<GraphRow>, (typeof LINE_COLUMNS)[number]>[],
): Promise<readonly GraphLine[]> {
  const owners = await loadOwners(db, rows)
  return rows.map((row) => ({
    id: row.id,
    sketchId: row.sketch_id,
    owner: owners.get(row.owner_id),
    name: row.name,
    description: row.description,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}
