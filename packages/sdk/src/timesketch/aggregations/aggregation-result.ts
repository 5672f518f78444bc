import { type ArrowTable, makeArrowTable } from '../../table/arrow.ts'
import type { ExactJson } from '../../transport/exact-json.ts'
import { type Client, needArrow } from '../client.ts'
import type { TableOptions } from '../search/search.ts'
import { readMeta, readObjects } from '../wire/envelope.ts'
import { isRecord, readNumber, readOptionalText, readText, type WireRecord } from '../wire/record.ts'
import { readRows } from './aggregation-rows.ts'
import { type ChartOptions, makeChartSpec, type VegaLiteSpec } from './chart-spec.ts'

/** What was asked: the name of an aggregator and its parameters, or a DSL. */
export interface AggregationQuestion {
  readonly aggregator: string | undefined
  readonly parameters: WireRecord
  readonly dsl: WireRecord | undefined
  readonly chart: ChartOptions
}

/** What an aggregation has found. */
export class AggregationResult {
  readonly question: AggregationQuestion
  /** One for each group of events; `bucket_name` says of which aggregation. */
  readonly rows: readonly WireRecord[]
  /** The aggregator's name; '' for a DSL. */
  readonly name: string
  readonly description: string
  /** Milliseconds that the datastore took. */
  readonly tookMs: number
  /** Everything the server said of it. */
  readonly meta: WireRecord
  /** The answer as it came. */
  readonly objects: readonly ExactJson[]
  readonly #client: Client

  constructor(client: Client, question: AggregationQuestion, answer: ExactJson) {
    this.#client = client
    this.question = question
    this.objects = readObjects(answer)
    this.rows = readRows(this.objects)
    this.meta = readMeta(answer)
    this.name = readText(this.meta, 'name')
    this.description = readText(this.meta, 'description')
    // Seconds for an aggregator, milliseconds for a DSL.
    this.tookMs = readNumber(this.meta, 'es_time') * (question.dsl ? 1 : 1000)
  }

  /** The rows as an Arrow table. */
  table(options: Pick<TableOptions, 'arrow'> = {}): ArrowTable {
    return makeArrowTable(this.rows, needArrow(options.arrow ?? this.#client.arrow))
  }

  /**
   * The rows as a chart: the server's own where it made one of the wanted type, else one made here. A server that cannot draw (see
   * `meta.vega_spec`) loses nothing by it.
   */
  chart(options: ChartOptions = {}): VegaLiteSpec {
    const wanted = { ...this.question.chart, ...options }
    const spec = this.meta['vega_spec']
    const isWanted = options.type === undefined || options.type === this.meta['chart_type']
    if (isWanted && isRecord(spec) && Object.keys(spec).length > 0)
      return wanted.title === undefined ? spec : { ...spec, title: wanted.title }
    const title = wanted.title ?? readOptionalText(this.meta, 'vega_chart_title')
    return makeChartSpec(this.rows, { ...wanted, title })
  }
}
