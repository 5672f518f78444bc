import type { Query } from '@timeskein/query'
import type { SketchCall } from '../../../http/app-types.ts'
import type { TimelineSelection } from '../../../services/explore/explore-service.ts'
import { abort } from '../errors.ts'
import { type Body, text } from '../request.ts'

/** What an aggregator gets. */
export interface AggregatorCall {
  readonly call: SketchCall
  readonly selection: TimelineSelection
  /** Time range and whatever else every aggregator heeds. */
  readonly range: Query
  readonly parameters: Body
}

/** What an aggregator answers with: the rows people see. */
export interface AggregatorAnswer {
  readonly buckets: readonly unknown[]
  readonly tookMs: number
}

/** The field of an aggregation. @throws {WireError} 400 when it is missing. */
export function requireField(parameters: Body): string {
  return (
    text(parameters, 'field') || abort(400, 'Unable to run the aggregation, with error: a field is needed')
  )
}

/** How many buckets are wanted. */
export function readLimit(parameters: Body): number {
  const limit = Number(parameters['limit'] || 10)
  if (Number.isSafeInteger(limit) && limit > 0) return Math.min(limit, MAX_BUCKETS)
  return abort(
    400,
    `Unable to run the aggregation, with error: the limit needs to be a number, found ${String(parameters['limit'])}`,
  )
}

/** Most buckets of one aggregation (OpenSearch's `search.max_buckets`). */
export const MAX_BUCKETS = 65_535

const ISO_DATE = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/

/** The time range of an aggregation, as a question. @throws {WireError} 400 for a time that is not ISO. */
export function readTimeRange(parameters: Body): Query {
  const start = readTime(parameters, 'start_time', 'Start time')
  const end = readTime(parameters, 'end_time', 'End time')
  if (start === undefined && end === undefined) return { kind: 'all' }
  return {
    kind: 'range',
    field: 'datetime',
    ...(start === undefined ? {} : { gte: start }),
    ...(end === undefined ? {} : { lte: end }),
  }
}

function readTime(parameters: Body, name: string, label: string): string | undefined {
  const value = parameters[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string' && ISO_DATE.test(value)) return value.replace(' ', 'T')
  return abort(
    400,
    `Unable to run the aggregation, with error: ${label} is not ISO formatted [${String(value)}]`,
  )
}
