import { path } from '../../transport/path.ts'
import { AggregationGroups } from '../aggregations/aggregation-groups.ts'
import { Aggregations } from '../aggregations/aggregations.ts'
import { Analyzers } from '../analyzers/analyzers.ts'
import { Attributes } from '../attributes/attributes.ts'
import type { Client } from '../client.ts'
import type { CallOptions } from '../connection/call-options.ts'
import { Events } from '../events/events.ts'
import { Graphs } from '../graphs/graphs.ts'
import { Imports } from '../import/imports.ts'
import { Questions } from '../scenarios/questions.ts'
import { Scenarios } from '../scenarios/scenarios.ts'
import type { FoundEvent } from '../search/page.ts'
import { SavedSearches } from '../search/saved-searches.ts'
import { Search } from '../search/search.ts'
import { SearchHistory } from '../search/search-history.ts'
import { Stories } from '../stories/stories.ts'
import { DataSources } from '../timelines/data-sources.ts'
import { Timelines } from '../timelines/timelines.ts'
import { readBare, readMeta } from '../wire/envelope.ts'
import { isRecord, readNumber, type WireRecord } from '../wire/record.ts'
import { Archive } from './archive.ts'
import { type DataFinding, findData } from './data-finder.ts'
import { exportEvents } from './export-events.ts'
import { Sharing } from './sharing.ts'
import { type SketchDetail, toSketchDetail } from './sketch-detail.ts'

/** A sketch of a server, by its id. Making one asks nothing; `get` does. */
export class Sketch {
  readonly id: number
  readonly timelines: Timelines
  readonly dataSources: DataSources
  readonly events: Events
  readonly savedSearches: SavedSearches
  readonly searchHistory: SearchHistory
  readonly aggregations: Aggregations
  readonly aggregationGroups: AggregationGroups
  readonly stories: Stories
  readonly analyzers: Analyzers
  readonly graphs: Graphs
  readonly scenarios: Scenarios
  readonly questions: Questions
  readonly attributes: Attributes
  readonly sharing: Sharing
  readonly archive: Archive
  readonly imports: Imports
  readonly #client: Client
  readonly #base: string

  constructor(client: Client, id: number) {
    const { connection } = client
    this.#client = client
    this.#base = path`/sketches/${id}/`
    this.id = id
    this.timelines = new Timelines(connection, id)
    this.dataSources = new DataSources(connection, id)
    this.events = new Events(connection, id)
    this.savedSearches = new SavedSearches(client, id)
    this.searchHistory = new SearchHistory(connection, id)
    this.aggregations = new Aggregations(client, id)
    this.aggregationGroups = new AggregationGroups(client, id)
    this.stories = new Stories(connection, id)
    this.analyzers = new Analyzers(connection, id)
    this.graphs = new Graphs(connection, id)
    this.scenarios = new Scenarios(connection, id)
    this.questions = new Questions(connection, id)
    this.attributes = new Attributes(connection, id)
    this.sharing = new Sharing(connection, id)
    this.archive = new Archive(client, id)
    this.imports = new Imports(client, id)
  }

  /** Name, labels, timelines, permissions, fields … as they are now. */
  async get(options?: CallOptions): Promise<SketchDetail> {
    return toSketchDetail(await this.#client.connection.get(this.#base, options))
  }

  /** What is not named stays; a text cannot be emptied. */
  async update(change: { name?: string; description?: string }, options?: CallOptions): Promise<void> {
    await this.#client.connection.post(this.#base, change, options)
  }

  async addLabels(labels: readonly string[], options?: CallOptions): Promise<void> {
    await this.#client.connection.post(this.#base, { labels, label_action: 'add' }, options)
  }

  async removeLabels(labels: readonly string[], options?: CallOptions): Promise<void> {
    await this.#client.connection.post(this.#base, { labels, label_action: 'remove' }, options)
  }

  /** @param options.force - Its events too, for good; for administrators. @default false */
  async delete(options: CallOptions & { force?: boolean } = {}): Promise<void> {
    await this.#client.connection.delete(this.#base, options, { query: { force: options.force } })
  }

  /** A search, to be made narrower and run. @param query - OpenSearch's query string. @default everything */
  search(query?: string): Search {
    const search = new Search(this.#client, this.id)
    return query === undefined ? search : search.withQuery(query)
  }

  /** All events of a search in one stream and no order: faster than the search itself. */
  exportEvents(search: Search = this.search(), options?: CallOptions): AsyncGenerator<FoundEvent> {
    return exportEvents(this.#client.connection, this.id, search.question, options)
  }

  /** Events in the datastore, and the bytes they take there. */
  async count(options?: CallOptions): Promise<{ readonly events: number; readonly bytes: number }> {
    const meta = readMeta(await this.#client.connection.get(`${this.#base}count/`, options))
    return { events: readNumber(meta, 'count'), bytes: readNumber(meta, 'bytes') }
  }

  /** Sessions that analyzers have found in an index. */
  async sessions(indexName: string, options?: CallOptions): Promise<readonly WireRecord[]> {
    const place = this.#base + path`explore/sessions/${indexName}`
    const answer = await this.#client.connection.get(place, options)
    return Array.isArray(answer) ? answer.filter(isRecord) : []
  }

  /** Whether there are events of the kinds that rules of the server name. @param question.timelineIds - @default all */
  async findData(
    question: {
      readonly start: string
      readonly end: string
      readonly rules: readonly string[]
      readonly timelineIds?: readonly number[]
      readonly parameters?: Readonly<Record<string, unknown>>
    },
    options?: CallOptions,
  ): Promise<readonly DataFinding[]> {
    const timelineIds = question.timelineIds ?? (await this.get(options)).activeTimelineIds
    return await findData(this.#client.connection, this.id, { ...question, timelineIds }, options)
  }

  /**
   * A feature of the server's language model (`Timesketch.settings` says which there are); the answer as it comes.
   *
   * @param parameters - What the feature takes: a question, a query, fields.
   */
  async askLanguageModel(
    feature: string,
    parameters: WireRecord,
    options?: CallOptions,
  ): Promise<WireRecord> {
    const body = { filter: {}, ...parameters, feature }
    return readBare(await this.#client.connection.post(`${this.#base}llm/`, body, options))
  }
}
