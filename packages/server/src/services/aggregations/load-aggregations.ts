import type { Kysely, Selectable } from 'kysely'
import type { AggregationRow } from '../../db/case-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { loadOwners } from '../users/load-users.ts'
import type { SavedAggregation } from './aggregation-service.ts'

/** Makes aggregations of rows, in their order. */
export async function toSavedAggregations(
  db: Kysely<Schema>,
  rows: readonly Selectable<AggregationRow>[],
): Promise<readonly SavedAggregation[]> {
  const owners = await loadOwners(db, rows)
  return rows.map((row) => ({
    id: row.id,
    sketchId: row.sketch_id,
    owner: owners.get(row.owner_id),
    groupId: row.group_id ?? undefined,
    name: row.name,
    description: row.description,
    aggregator: row.aggregator,
    parametersJson: row.parameters_json,
    chartType: row.chart_type,
    savedSearchId: row.saved_search_id ?? undefined,
    labels: JSON.parse(row.labels_json) as string[],
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}
