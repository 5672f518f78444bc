import type { ChartOrientation } from '@timeskein/analyze'
import type { Kysely, Selectable } from 'kysely'
import type { AggregationGroupRow } from '../../db/case-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { invalid } from '../../errors/domain-error.ts'
import { chunk } from '../chunk.ts'
import { requireName } from '../names.ts'
import type { ServiceContext } from '../service-context.ts'
import { SketchRows } from '../sketch-rows.ts'
import { loadOwners } from '../users/load-users.ts'
import type {
  AggregationGroup,
  AggregationGroupInput,
  AggregationService,
  SavedAggregation,
} from './aggregation-service.ts'
import { toSavedAggregations } from './load-aggregations.ts'

type GroupCalls = Pick<
  AggregationService,
  'listGroups' | 'getGroup' | 'createGroup' | 'updateGroup' | 'deleteGroup'
>

/** The half of the service that is about groups. */
export function createGroupCalls(context: ServiceContext): GroupCalls {
  const { db, access } = context
  const kept = new SketchRows(context, 'aggregation_groups', 'aggregation group', 'aggregation-group')

  const find = async (sketchId: number, id: number): Promise<AggregationGroup> => {
    const row = await kept.find(sketchId, id)
    return (await toGroups(db, [row]))[0]!
  }

  return {
    async listGroups(principal, sketchId) {
      await access.requireSketch(principal, sketchId, 'read')
      const rows = await db
        .selectFrom('aggregation_groups')
        .selectAll()
        .where('sketch_id', '=', sketchId)
        .orderBy('id')
        .execute()
      return await toGroups(db, rows)
    },
    async getGroup(principal, sketchId, id) {
      await access.requireSketch(principal, sketchId, 'read')
      return await find(sketchId, id)
    },
    async createGroup(principal, sketchId, input) {
      await access.requireSketch(principal, sketchId, 'write')
      const now = context.now()
      const id = await db.transaction().execute(async (transaction) => {
        const made = await transaction
          .insertInto('aggregation_groups')
          .values({
            ...toColumns(input),
            sketch_id: sketchId,
            owner_id: principal.userId,
            created_at_ms: now,
            updated_at_ms: now,
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        await setMembers(transaction, sketchId, made.id, input.members)
        return made.id
      })
      await kept.record(principal, 'create', sketchId, id)
      return await find(sketchId, id)
    },
    async updateGroup(principal, sketchId, id, input) {
      await access.requireSketch(principal, sketchId, 'write')
      await find(sketchId, id)
      await db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('aggregation_groups')
          .set({ ...toColumns(input), owner_id: principal.userId, updated_at_ms: context.now() })
          .where('id', '=', id)
          .execute()
        await setMembers(transaction, sketchId, id, input.members)
      })
      await kept.record(principal, 'update', sketchId, id)
      return await find(sketchId, id)
    },
    async deleteGroup(principal, sketchId, id) {
      await access.requireSketch(principal, sketchId, 'write')
      await find(sketchId, id)
      await db.deleteFrom('aggregation_groups').where('id', '=', id).execute()
      await kept.record(principal, 'delete', sketchId, id)
    },
  }
}

function toColumns(
  input: AggregationGroupInput,
): Pick<
  Selectable<AggregationGroupRow>,
  'name' | 'description' | 'parameters_json' | 'orientation' | 'saved_search_id'
> {
  return {
    name: requireName('aggregation group', input.name),
    description: input.description,
    parameters_json: input.parametersJson,
    orientation: input.orientation,
    saved_search_id: input.savedSearchId ?? null,
  }
}

/** Puts these aggregations, and no others, into a group; only named ones that are in no other group. */
async function setMembers(
  db: Kysely<Schema>,
  sketchId: number,
  groupId: number,
  members: readonly number[],
): Promise<void> {
  await db.updateTable('aggregations').set({ group_id: null }).where('group_id', '=', groupId).execute()
  let taken = 0n
  for (const some of chunk([...new Set(members)].filter(Number.isSafeInteger))) {
    const result = await db
      .updateTable('aggregations')
      .set({ group_id: groupId })
      .where('sketch_id', '=', sketchId)
      .where('name', '!=', '')
      .where('group_id', 'is', null)
      .where('id', 'in', some)
      .executeTakeFirst()
    taken += result.numUpdatedRows
  }
  if (taken === 0n)
    throw invalid('empty-group', 'Unable to create an empty group.', { members: members.slice(0, 100) })
}

async function toGroups(
  db: Kysely<Schema>,
  rows: readonly Selectable<AggregationGroupRow>[],
): Promise<readonly AggregationGroup[]> {
  const owners = await loadOwners(db, rows)
  const members = new Map<number, SavedAggregation[]>()
  for (const some of chunk(rows.map((row) => row.id))) {
    const own = await db
      .selectFrom('aggregations')
      .selectAll()
      .where('group_id', 'in', some)
      .orderBy('id')
      .execute()
    for (const member of await toSavedAggregations(db, own)) {
      const known = members.get(member.groupId!)
      if (known) known.push(member)
      else members.set(member.groupId!, [member])
    }
  }
  return rows.map((row) => ({
    id: row.id,
    sketchId: row.sketch_id,
    owner: owners.get(row.owner_id),
    name: row.name,
    description: row.description,
    parametersJson: row.parameters_json,
    orientation: row.orientation as ChartOrientation,
    savedSearchId: row.saved_search_id ?? undefined,
    members: members.get(row.id) ?? [],
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}
