import { readOwner } from '../users/user.ts'
import { readInstant } from '../wire/instant.ts'
import { readLabels } from '../wire/labels.ts'
import { isRecord, readId, readJsonText, readNumber, readText, type WireRecord } from '../wire/record.ts'

/** An aggregation that is kept in a sketch. */
export interface SavedAggregation {
  readonly id: number
  readonly name: string
  readonly description: string
  /** The aggregator's name. */
  readonly aggregator: string
  readonly parameters: WireRecord
  readonly chartType: string
  readonly labels: readonly string[]
  readonly owner: string
  /** The group it is in; undefined when in none. */
  readonly groupId: number | undefined
  readonly createdAt: string | undefined
  readonly updatedAt: string | undefined
}

export function toSavedAggregation(record: WireRecord): SavedAggregation {
  const parameters = readJsonText(record, 'parameters')
  return {
    id: readId(record),
    name: readText(record, 'name'),
    description: readText(record, 'description'),
    aggregator: readText(record, 'agg_type'),
    parameters: isRecord(parameters) ? parameters : {},
    chartType: readText(record, 'chart_type'),
    labels: readLabels(record),
    owner: readOwner(record).username,
    groupId: readNumber(record, 'aggregationgroup_id') || undefined,
    createdAt: readInstant(record, 'created_at'),
    updatedAt: readInstant(record, 'updated_at'),
  }
}
