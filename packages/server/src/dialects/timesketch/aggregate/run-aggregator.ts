import { AGGREGATORS, type AggregatorAnswer, drawChart, type VegaSpec } from '@timeskein/analyze'
import type { DomainError } from '../../../errors/domain-error.ts'
import type { SketchCall } from '../../../http/app-types.ts'
import type { SavedAggregation } from '../../../services/aggregations/aggregation-service.ts'
import type { TimelineSelection } from '../../../services/explore/explore-service.ts'
import { inWords } from '../errors.ts'
import { asObject, type Body, text } from '../request.ts'
import { readSelection } from '../search/question.ts'

/** What an aggregator was run for: how it is told, and its chart. */
export interface AggregatorRun {
  readonly meta: Readonly<Record<string, unknown>>
  /** What stands under the aggregator's name. */
  readonly result: Readonly<Record<string, unknown>>
  readonly chart: VegaSpec | undefined
}

/**
 * Runs one of Timesketch's aggregators (Timesketch 20261014: api/v1/resources/aggregation.py, lib/aggregators).
 *
 * @param parameters - As clients send them, those of the chart among them.
 * @throws {WireError} 404 for an unknown aggregator or no timeline, 400 for parameters that cannot be.
 */
export async function runAggregator(
  call: SketchCall,
  name: string,
  parameters: Body,
  options: Pick<TimelineSelection, 'includeProcessing' | 'includeArchived'> = {},
): Promise<AggregatorRun> {
  const aggregator = AGGREGATORS.find((known) => known.name === name.toLowerCase())
  const { own, chartType, title, color } = splitParameters(unwrap(parameters), aggregator?.family === 'apex')
  const selection = readSelection({ indices: parameters['index'] })
  const answer = await inWords(
    call.services.aggregations.run(call.principal, call.sketch.id, {
      aggregator: name,
      parameters: own,
      selection: { ...selection, ...options },
      signal: call.signal,
    }),
    {
      'aggregator-not-found': [404, (error: DomainError) => error.message],
      'bad-parameter': [400, unable],
      'too-many-buckets': [400, unable],
      'no-timelines': [404, 'No indices to aggregate on found.'],
    },
  )
  const chart =
    answer.kind === 'rows' && chartType
      ? drawChart(chartType, answer, { title, color, exploreUrl: `/sketch/${call.sketch.id}/explore` })
      : undefined
  return {
    meta: {
      method: 'aggregator_run',
      aggregator_class: aggregator?.family,
      chart_type: chartType,
      name: aggregator?.name,
      description: aggregator?.description,
      es_time: answer.tookMs / 1000,
      ...(chart && answer.kind === 'rows'
        ? { vega_spec: chart, vega_chart_title: title || answer.title }
        : {}),
    },
    result: marshalAnswer(answer),
    chart,
  }
}

/**
 * Runs a saved aggregation, for what is written of an archived sketch too.
 *
 * @param chartType - Left out or empty: its own, or the one that its parameters say.
 */
export async function runSavedAggregation(
  call: SketchCall,
  saved: SavedAggregation,
  chartType: string = saved.chartType,
): Promise<AggregatorRun> {
  const parameters = asObject(JSON.parse(saved.parametersJson)) ?? Object.create(null)
  const supportedCharts = chartType || parameters['supported_charts']
  const own = { ...parameters, supported_charts: supportedCharts }
  return await runAggregator(call, saved.aggregator, own, { includeArchived: true })
}

function unable(error: DomainError): string {
  return `Unable to run the aggregation, with error: ${error.message}`
}

/** What analyzers and the web page save names the aggregator around its parameters; the Python client sends that as it is. */
function unwrap(parameters: Body): Body {
  const inner = parameters['aggregator_class'] === 'apex' ? parameters['aggregator_parameters'] : undefined
  return asObject(inner) ?? parameters
}

/** Takes out what is about the chart and the timelines; the chart type of the apex family is a parameter of its own. */
function splitParameters(
  parameters: Body,
  isApex: boolean,
): {
  own: Body
  chartType: string | null
  title: string | undefined
  color: string | undefined
} {
  const {
    index: _index,
    supported_charts: wanted,
    chart_title: _title,
    chart_color: _color,
    ...rest
  } = parameters
  const { chart_type: legacyType, ...own } = rest
  const asked = Array.isArray(wanted) ? wanted[0] : (wanted ?? (isApex ? undefined : legacyType))
  return {
    own: isApex ? rest : own,
    chartType: typeof asked === 'string' ? asked : null,
    title: text(parameters, 'chart_title'),
    color: text(parameters, 'chart_color'),
  }
}

function marshalAnswer(answer: AggregatorAnswer): Record<string, unknown> {
  if (answer.kind === 'rows') return { buckets: answer.rows }
  return {
    buckets: answer.series,
    labels: answer.labels,
    chart_type: answer.chartType,
    chart_options: answer.chartOptions,
    spec: {
      _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
      aggregations: { aggregation: answer.raw },
      hits: { hits: [], max_score: null, total: { value: answer.total, relation: 'eq' } },
      timed_out: false,
      took: Math.round(answer.tookMs),
    },
  }
}
