import type { Insertable, Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { AggregationRow } from '../../db/case-schema.ts'
import { forbidden } from '../../errors/domain-error.ts'
import { MAX_NAME_LENGTH, requireName } from '../names.ts'
import type { ServiceContext } from '../service-context.ts'
import { SketchRows } from '../sketch-rows.ts'
import { createGroupCalls } from './aggregation-groups.ts'
import type { AggregationInput, AggregationService, SavedAggregation } from './aggregation-service.ts'
import { toSavedAggregations } from './load-aggregations.ts'
import { runAggregation } from './run-aggregation.ts'

/** Aggregations: run over the store, kept in the metadata database. */
export function createAggregationService(context: ServiceContext): AggregationService {
  const { db, access } = context
  const kept = new SketchRows(context, 'aggregations', 'aggregation')

  const find = async (sketchId: number, id: number): Promise<SavedAggregation> => {
    const row = await kept.find(sketchId, id)
    return (await toSavedAggregations(db, [row]))[0]!
  }
  const requireOwn = async (
    principal: Principal,
    sketchId: number,
    id: number,
  ): Promise<SavedAggregation> => {
    const found = await find(sketchId, id)
    if (found.name === '' && found.owner?.id !== principal.userId)
      throw forbidden('not-own-aggregation', 'This aggregation without a name is of another user.')
    return found
  }

  return {
    run: (principal, sketchId, run) => runAggregation(context, principal, sketchId, run),
    async list(principal, sketchId) {
      await access.requireSketch(principal, sketchId, 'read')
      const rows = await db
        .selectFrom('aggregations')
        .selectAll()
        .where('sketch_id', '=', sketchId)
        .where('name', '!=', '')
        .where('group_id', 'is', null)
        .orderBy('id')
        .execute()
      return await toSavedAggregations(db, rows)
    },
    async get(principal, sketchId, id) {
      await access.requireSketch(principal, sketchId, 'read')
      return await requireOwn(principal, sketchId, id)
    },
    async create(principal, sketchId, input) {
      await access.requireSketch(principal, sketchId, 'write')
      const now = context.now()
      const { id } = await db
        .insertInto('aggregations')
        .values({
          ...toColumns(input),
          labels_json: JSON.stringify(input.labels ?? []),
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
    async update(principal, sketchId, id, input) {
      await access.requireSketch(principal, sketchId, 'write')
      await requireOwn(principal, sketchId, id)
      await db
        .updateTable('aggregations')
        .set({
          ...toColumns(input),
          ...(input.labels === undefined ? {} : { labels_json: JSON.stringify(input.labels) }),
          owner_id: principal.userId,
          updated_at_ms: context.now(),
        })
        .where('id', '=', id)
        .execute()
      await kept.record(principal, 'update', sketchId, id)
      return await find(sketchId, id)
    },
    async delete(principal, sketchId, id) {
      await access.requireSketch(principal, sketchId, 'write')
      await requireOwn(principal, sketchId, id)
      await db.deleteFrom('aggregations').where('id', '=', id).execute()
      await kept.record(principal, 'delete', sketchId, id)
    },
    ...createGroupCalls(context),
  }
}

type Columns = Pick<
  Selectable<AggregationRow>,
  'name' | 'description' | 'aggregator' | 'parameters_json' | 'chart_type'
>

function toColumns(input: AggregationInput): Columns & Pick<Insertable<AggregationRow>, 'saved_search_id'> {
  return {
    // One without a name is the draft of whoever made it.
    name: input.name === '' ? '' : requireName('aggregation', input.name),
    description: input.description,
    aggregator: requireName('aggregator', input.aggregator.slice(0, MAX_NAME_LENGTH + 1)),
    parameters_json: input.parametersJson,
    chart_type: input.chartType,
    ...(input.savedSearchId === undefined ? {} : { saved_search_id: input.savedSearchId }),
  }
}
