import type {
  AggregationGroup,
  SavedAggregation,
} from '../../../../services/aggregations/aggregation-service.ts'
import { modelDate } from '../dates.ts'
import { labelString } from '../labels.ts'
import { pythonJson } from '../python-json.ts'
import { marshalUser } from '../user.ts'

/** A saved aggregation. */
export function marshalAggregation(aggregation: SavedAggregation): Record<string, unknown> {
  return {
    id: aggregation.id,
    name: aggregation.name,
    description: aggregation.description,
    agg_type: aggregation.aggregator,
    parameters: aggregation.parametersJson,
    chart_type: aggregation.chartType,
    label_string: labelString(aggregation.labels),
    user: marshalUser(aggregation.owner),
    aggregationgroup_id: aggregation.groupId ?? 0,
    created_at: modelDate(aggregation.createdAtMs),
    updated_at: modelDate(aggregation.updatedAtMs),
  }
}

/** A group with its aggregations. */
export function marshalAggregationGroup(group: AggregationGroup): Record<string, unknown> {
  return {
    id: group.id,
    name: group.name,
    description: group.description,
    aggregations: group.members.map(marshalAggregation),
    parameters: group.parametersJson || null,
    orientation: group.orientation,
    user: marshalUser(group.owner),
    created_at: modelDate(group.createdAtMs),
    updated_at: modelDate(group.updatedAtMs),
  }
}

/** A line of the list of groups. */
export function marshalGroupLine(group: AggregationGroup): Record<string, unknown> {
  return {
    id: group.id,
    name: group.name,
    parameters: group.parametersJson || null,
    orientation: group.orientation,
    description: group.description,
    agg_ids: pythonJson(group.members.map((member) => member.id)),
  }
}
