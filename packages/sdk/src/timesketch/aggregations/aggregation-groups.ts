import { path } from '../../transport/path.ts'
import type { Client } from '../client.ts'
import type { CallOptions } from '../connection/call-options.ts'
import { readFlat, readMeta, readObject } from '../wire/envelope.ts'
import { isRecord, readId, readJsonText, readRecords, readText, type WireRecord } from '../wire/record.ts'
import type { AggregationResult } from './aggregation-result.ts'
import { Aggregations } from './aggregations.ts'
import { joinChartSpecs, type VegaLiteSpec } from './chart-spec.ts'

/** How the charts of a group stand: over one another, side by side, or one below the other. */
export type Orientation = 'layer' | 'horizontal' | 'vertical'

/** Aggregations that are shown together. */
export interface AggregationGroup {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly orientation: string
  readonly parameters: WireRecord
  readonly aggregationIds: readonly number[]
}

/** A group that is to be kept. */
export interface AggregationGroupDraft {
  readonly name: string
  readonly description?: string
  readonly orientation?: Orientation | (string & {})
  readonly parameters?: WireRecord
  readonly aggregationIds: readonly number[]
}

/** A group whose aggregations have been run. */
export interface AggregationGroupResult {
  readonly group: AggregationGroup
  readonly results: readonly AggregationResult[]
  readonly chart: VegaLiteSpec
}

/** Groups of aggregations of a sketch. */
export class AggregationGroups {
  readonly #client: Client
  readonly #sketchId: number

  constructor(client: Client, sketchId: number) {
    this.#client = client
    this.#sketchId = sketchId
  }

  async list(options?: CallOptions): Promise<readonly AggregationGroup[]> {
    return readFlat(await this.#client.connection.get(this.#place(), options)).map(toGroup)
  }

  /** The first one of that id; undefined when there is none. */
  async find(id: number, options?: CallOptions): Promise<AggregationGroup | undefined> {
    return (await this.list(options)).find((group) => group.id === id)
  }

  /** Runs the aggregations of a group, each by itself: some servers cannot run a group (`meta.vega_spec`). */
  async run(group: AggregationGroup, options?: CallOptions): Promise<AggregationGroupResult> {
    const aggregations = new Aggregations(this.#client, this.#sketchId)
    const results: AggregationResult[] = []
    for (const id of group.aggregationIds) results.push(await aggregations.runSaved(id, options))
    return {
      group,
      results,
      chart: joinChartSpecs(
        results.map((result) => result.chart()),
        group.orientation,
      ),
    }
  }

  /** The group's answer as the server gives it: rows of all members, and a chart where it can draw. */
  async get(
    id: number,
    options?: CallOptions,
  ): Promise<{ readonly objects: readonly WireRecord[]; readonly meta: WireRecord }> {
    const answer = await this.#client.connection.get(this.#place() + path`${id}/`, options)
    return { objects: readFlat(answer), meta: readMeta(answer) }
  }

  async create(group: AggregationGroupDraft, options?: CallOptions): Promise<AggregationGroup> {
    return toGroup(readObject(await this.#client.connection.post(this.#place(), toBody(group), options)))
  }

  async update(id: number, group: AggregationGroupDraft, options?: CallOptions): Promise<AggregationGroup> {
    const place = this.#place() + path`${id}/`
    return toGroup(readObject(await this.#client.connection.post(place, toBody(group), options)))
  }

  async delete(id: number, options?: CallOptions): Promise<void> {
    await this.#client.connection.delete(this.#place() + path`${id}/`, options)
  }

  #place(): string {
    return path`/sketches/${this.#sketchId}/aggregation/group/`
  }
}

function toBody(group: AggregationGroupDraft): Record<string, unknown> {
  return {
    name: group.name,
    description: group.description ?? '',
    orientation: group.orientation ?? 'layer',
    parameters: JSON.stringify(group.parameters ?? {}),
    aggregations: JSON.stringify(group.aggregationIds),
  }
}

function toGroup(record: WireRecord): AggregationGroup {
  const parameters = readJsonText(record, 'parameters')
  const ids = readJsonText(record, 'agg_ids')
  return {
    id: readId(record),
    name: readText(record, 'name'),
    description: readText(record, 'description'),
    orientation: readText(record, 'orientation'),
    parameters: isRecord(parameters) ? parameters : {},
    aggregationIds: Array.isArray(ids)
      ? ids.map(Number)
      : readRecords(record, 'aggregations').map((one) => readId(one)),
  }
}
