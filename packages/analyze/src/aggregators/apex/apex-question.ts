import { buildTimesketchQuery, type Query } from '@timeskein/query'
import type { AggregatorRun } from '../aggregator.ts'
import { asRecord, type Parameters, readTimeRange, refuse } from '../parameters.ts'

/** Charts that every aggregator of this family is drawn as. */
export const APEX_CHARTS: readonly string[] = ['bar', 'column', 'line', 'heatmap', 'gantt', 'number', 'table']

/** Parameters of every aggregator of this family; all of them are needed. */
export const APEX_PARAMETERS: readonly string[] = [
  'fields',
  'aggregator_options',
  'chart_type',
  'chart_options',
]

/** What an aggregator of the apex family was asked. */
export interface ApexQuestion {
  /** Events of the timelines, times, words and chips asked for that have all the fields. */
  readonly query: Query
  /** At least one; each as it is counted. */
  readonly fields: readonly { readonly name: string; readonly counted: string }[]
  readonly options: Parameters
  readonly chartType: string
  readonly chartOptions: unknown
}

/** Reads the parameters of a run. @throws {AnalyzeError} `bad-parameter`. @throws {QueryError} For words or chips that cannot be read. */
export function readApexQuestion(
  asked: AggregatorRun,
  charts: readonly string[] = APEX_CHARTS,
): ApexQuestion {
  const { parameters } = asked
  for (const name of APEX_PARAMETERS)
    if (parameters[name] === undefined) refuse(name, 'a value (it is needed)', undefined)
  const fields = readFields(parameters['fields'])
  const options =
    asRecord(parameters['aggregator_options']) ??
    refuse('aggregator_options', 'an object', parameters['aggregator_options'])
  const chartType = parameters['chart_type']
  if (typeof chartType !== 'string' || !charts.includes(chartType))
    return refuse('chart_type', `one of ${charts.join(', ')}`, chartType)
  return {
    query: { kind: 'and', of: [readFilter(asked, options), ...fields.map(({ name }) => hasField(name))] },
    fields,
    options,
    chartType,
    chartOptions: parameters['chart_options'],
  }
}

function readFields(value: unknown): ApexQuestion['fields'] {
  const entries = typeof value === 'string' ? [{ field: value }] : value
  if (!Array.isArray(entries) || entries.length === 0)
    return refuse('fields', 'a list of one field or more, each with its name and type,', value)
  return entries.map((entry) => {
    const { field, type } = asRecord(entry) ?? Object.create(null)
    if (typeof field !== 'string' || field === '') return refuse('fields', 'the name of a field', entry)
    return { name: field, counted: type === 'text' ? `${field}.keyword` : field }
  })
}

function hasField(field: string): Query {
  return { kind: 'exists', field }
}

function readFilter(asked: AggregatorRun, options: Parameters): Query {
  const chips = options['query_chips'] ?? []
  if (!Array.isArray(chips)) return refuse('query_chips', 'a list of chips', chips)
  const queryString = options['query_string'] ?? ''
  if (typeof queryString !== 'string') return refuse('query_string', 'text', queryString)
  const { query } = buildTimesketchQuery({ queryString, filter: { chips }, sketchId: asked.sketchId })
  return { kind: 'and', of: [query, readTimeRange(options), readTimelines(options['timeline_ids'])] }
}

function readTimelines(value: unknown): Query {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0))
    return { kind: 'all' }
  if (!Array.isArray(value)) return refuse('timeline_ids', 'a list of numbers', value)
  return {
    kind: 'or',
    of: value.map((id) => {
      if (!Number.isSafeInteger(id)) return refuse('timeline_ids', 'numbers of timelines', id)
      return { kind: 'term', field: '__ts_timeline_id', value: id as number }
    }),
  }
}
