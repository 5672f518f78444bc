import { path } from '../../transport/path.ts'
import type { Client } from '../client.ts'
import type { CallOptions } from '../connection/call-options.ts'
import { readModels, readObject } from '../wire/envelope.ts'
import { readOptionalText, type WireRecord } from '../wire/record.ts'
import { type AggregationQuestion, AggregationResult } from './aggregation-result.ts'
import { type SavedAggregation, toSavedAggregation } from './saved-aggregation.ts'

/** An aggregation that is to be kept. */
export interface AggregationDraft {
  readonly name: string
  readonly description?: string
  readonly labels?: readonly string[]
  readonly aggregator: string
  readonly parameters: WireRecord
  readonly chartType?: string | undefined
  /** The saved search it belongs to. */
  readonly searchId?: number | undefined
}

/** Counts and sums over the events of a sketch. */
export class Aggregations {
  readonly #client: Client
  readonly #base: string

  constructor(client: Client, sketchId: number) {
    this.#client = client
    this.#base = path`/sketches/${sketchId}/aggregation/`
  }

  /**
   * Runs an aggregator (`Timesketch.aggregators` lists them).
   *
   * @param parameters - The aggregator's own. `supported_charts` is the type of chart; `chart_title` and `chart_color` stay here, a
   * server of Timesketch refuses them.
   */
  async run(aggregator: string, parameters: WireRecord, options?: CallOptions): Promise<AggregationResult> {
    const { chart_title: _title, chart_color: _color, ...sent } = parameters
    const type = readOptionalText(parameters, 'supported_charts')
    const body = {
      aggregator_name: aggregator,
      aggregator_parameters: sent,
      ...(type ? { chart_type: type } : {}),
    }
    const question: AggregationQuestion = {
      aggregator,
      parameters,
      dsl: undefined,
      chart: {
        type,
        title: readOptionalText(parameters, 'chart_title'),
        color: readOptionalText(parameters, 'chart_color'),
      },
    }
    return await this.#explore(body, question, options)
  }

  /** Runs an aggregation in OpenSearch's own words over all events of the sketch. */
  async runDsl(dsl: WireRecord, options?: CallOptions): Promise<AggregationResult> {
    const question = { aggregator: undefined, parameters: {}, dsl, chart: {} }
    return await this.#explore({ aggregation_dsl: JSON.stringify(dsl) }, question, options)
  }

  /** Runs one that is kept. */
  async runSaved(id: number, options?: CallOptions): Promise<AggregationResult> {
    const { aggregator, parameters, chartType } = await this.get(id, options)
    const chart = chartType === '' ? {} : { supported_charts: chartType }
    return await this.run(aggregator, { ...chart, ...parameters }, options)
  }

  /** Those that are kept, but for members of groups. */
  async list(options?: CallOptions): Promise<readonly SavedAggregation[]> {
    return readModels(await this.#client.connection.get(this.#base, options)).map(toSavedAggregation)
  }

  async get(id: number, options?: CallOptions): Promise<SavedAggregation> {
    return toSavedAggregation(
      readObject(await this.#client.connection.get(this.#base + path`${id}/`, options)),
    )
  }

  async create(aggregation: AggregationDraft, options?: CallOptions): Promise<SavedAggregation> {
    const answer = await this.#client.connection.post(this.#base, toBody(aggregation), options)
    return toSavedAggregation(readObject(answer))
  }

  /** Keeps what was run, under a name. @throws {TypeError} For a DSL: a server keeps aggregators only. */
  async save(
    result: AggregationResult,
    saved: { name: string; description?: string; labels?: readonly string[] },
    options?: CallOptions,
  ): Promise<SavedAggregation> {
    const { aggregator, parameters, chart } = result.question
    if (aggregator === undefined)
      throw new TypeError('an aggregation in DSL cannot be kept: run an aggregator')
    return await this.create({ ...saved, aggregator, parameters, chartType: chart.type }, options)
  }

  /** What is not named stays. */
  async update(
    id: number,
    change: Partial<AggregationDraft>,
    options?: CallOptions,
  ): Promise<SavedAggregation> {
    const body = toBody({ ...(await this.get(id, options)), ...change })
    return toSavedAggregation(
      readObject(await this.#client.connection.post(this.#base + path`${id}/`, body, options)),
    )
  }

  async delete(id: number, options?: CallOptions): Promise<void> {
    await this.#client.connection.delete(this.#base + path`${id}/`, options)
  }

  async #explore(
    body: WireRecord | Record<string, unknown>,
    question: AggregationQuestion,
    options: CallOptions | undefined,
  ): Promise<AggregationResult> {
    const answer = await this.#client.connection.ask(`${this.#base}explore/`, body, options)
    return new AggregationResult(this.#client, question, answer)
  }
}

function toBody(draft: AggregationDraft): Record<string, unknown> {
  return {
    name: draft.name,
    description: draft.description ?? '',
    agg_type: draft.aggregator,
    parameters: draft.parameters,
    chart_type: draft.chartType ?? '',
    labels: JSON.stringify(draft.labels ?? []),
    ...(draft.searchId === undefined ? {} : { view_id: draft.searchId }),
  }
}
