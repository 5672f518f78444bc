import { type ArrowCodec, type ArrowTable, makeArrowTable } from '../../table/arrow.ts'
import { path } from '../../transport/path.ts'
import { type Client, needArrow } from '../client.ts'
import type { CallOptions } from '../connection/call-options.ts'
import { readMeta, readObjects } from '../wire/envelope.ts'
import { isRecord, readNumber, type WireRecord } from '../wire/record.ts'
import {
  type Chip,
  type ChipTime,
  commented,
  dateInterval,
  dateRange,
  type IntervalUnit,
  label,
  starred,
  term,
} from './chips.ts'
import { type FoundEvent, type SearchPage, toPage } from './page.ts'
import { EMPTY_QUESTION, MAX_PAGE_SIZE, type SearchQuestion, toSearchBody } from './question.ts'
import { readPages } from './read-pages.ts'
import { type SavedSearch, saveQuestion } from './saved-search.ts'
import { type FileFormat, type FileTarget, writeEvents } from './write-events.ts'

/** Who a table is made for. */
export interface TableOptions extends CallOptions {
  /** Makes Arrow tables: the module `@uwdata/flechette`. @default the client's */
  readonly arrow?: ArrowCodec | undefined
}

/**
 * A search of a sketch. It is never changed: every method that changes something gives another search.
 *
 * It is the async iterable of its events, in the order of time, any number of them; stopping early stops the server.
 *
 * @example
 * const logins = sketch.search('tag:logon-event').between('2024-01-01', '2024-01-31').withFields('username', 'message')
 * for await (const event of logins) console.log(event.fields['message'])
 */
export class Search implements AsyncIterable<FoundEvent> {
  readonly question: SearchQuestion
  readonly sketchId: number
  readonly #client: Client

  constructor(client: Client, sketchId: number, question: SearchQuestion = EMPTY_QUESTION) {
    this.#client = client
    this.sketchId = sketchId
    this.question = question
  }

  /** Another search that differs in what is given. */
  with(change: Partial<SearchQuestion>): Search {
    return new Search(this.#client, this.sketchId, { ...this.question, ...change })
  }

  /** OpenSearch's query string. */
  withQuery(query: string): Search {
    return this.with({ query, dsl: undefined })
  }

  /** OpenSearch's query DSL, in place of query and chips. */
  withDsl(dsl: WireRecord | string): Search {
    const parsed: unknown = typeof dsl === 'string' ? JSON.parse(dsl) : dsl
    if (!isRecord(parsed as never)) throw new TypeError('a query DSL is a JSON object')
    return this.with({ dsl: parsed as WireRecord, query: undefined })
  }

  withChip(...chips: readonly Chip[]): Search {
    return this.with({ chips: [...this.question.chips, ...chips] })
  }

  /** @param place - Counted from 0. */
  withoutChip(place: number): Search {
    return this.with({ chips: this.question.chips.filter((_chip, index) => index !== place) })
  }

  /** Events of a stretch of time, both ends included. */
  between(start: ChipTime, end: ChipTime): Search {
    return this.withChip(dateRange(start, end))
  }

  /** Events around a moment, `before` and `after` in units. */
  around(date: ChipTime, around: { before: number; after?: number; unit?: IntervalUnit }): Search {
    return this.withChip(dateInterval(date, around))
  }

  /** Events whose field is this value. */
  where(field: string, value: string | number | boolean): Search {
    return this.withChip(term(field, value))
  }

  labelled(name: string): Search {
    return this.withChip(label(name))
  }

  starred(): Search {
    return this.withChip(starred())
  }

  commented(): Search {
    return this.withChip(commented())
  }

  /** Only these timelines, by name or id; none for all. */
  inTimelines(...timelines: readonly (string | number)[]): Search {
    return this.with({ timelines: timelines.length > 0 ? timelines : undefined })
  }

  /** Fields that events come with; `*` for all, none for those that the server takes. */
  withFields(...fields: readonly string[]): Search {
    return this.with({ fields: fields.length > 0 ? fields : undefined })
  }

  /** Most events to come. */
  take(limit: number): Search {
    return this.with({ limit })
  }

  /** Most events of one answer, up to 10,000; smaller pages need less memory. */
  withPageSize(pageSize: number): Search {
    if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > MAX_PAGE_SIZE)
      throw new RangeError(`a page has 1 to ${MAX_PAGE_SIZE} events, found ${pageSize}`)
    return this.with({ pageSize })
  }

  oldestFirst(): Search {
    return this.with({ order: 'asc' })
  }

  newestFirst(): Search {
    return this.with({ order: 'desc' })
  }

  /** Compares whole values, with `*` and `?`, without regard to case. */
  withWildcards(useWildcards: boolean = true): Search {
    return this.with({ useWildcards })
  }

  [Symbol.asyncIterator](): AsyncGenerator<FoundEvent> {
    return this.events()
  }

  async *events(options?: CallOptions): AsyncGenerator<FoundEvent> {
    for await (const page of this.pages(options)) yield* page.events
  }

  /** The answers as they come, with counts and histogram in the first one. */
  pages(options?: CallOptions): AsyncGenerator<SearchPage> {
    return readPages(this.#client.connection, this.#place(), this.question, options)
  }

  /** The first answer alone. */
  async firstPage(options?: CallOptions): Promise<SearchPage> {
    return toPage(await this.#client.connection.ask(this.#place(), toSearchBody(this.question), options))
  }

  /** All events in memory. `for await` needs only one page of it. */
  async toArray(options?: CallOptions): Promise<readonly FoundEvent[]> {
    return await Array.fromAsync(this.events(options))
  }

  async count(options?: CallOptions): Promise<number> {
    const body = { ...toSearchBody(this.question), count: true }
    return readNumber(
      readMeta(await this.#client.connection.ask(this.#place(), body, options)),
      'total_count',
    )
  }

  /** The query DSL that the server makes of the query. */
  async explain(options?: CallOptions): Promise<WireRecord> {
    const place = path`/sketches/${this.sketchId}/explore/query/`
    const [dsl] = readObjects(await this.#client.connection.ask(place, toSearchBody(this.question), options))
    return isRecord(dsl) ? dsl : {}
  }

  /**
   * All events as an Arrow table: a column for each field, and `_id` and `_index`. A column has the type of its values: text, 64-bit
   * integers, doubles, booleans, lists of text. Values of different kinds are JSON text. `datetime` is a timestamp in milliseconds;
   * `timestamp`, which always comes along, has the microseconds.
   */
  async table(options: TableOptions = {}): Promise<ArrowTable> {
    const rows: WireRecord[] = []
    const { fields: asked } = this.question
    const search = asked ? this.with({ fields: [...new Set([...asked, 'timestamp'])] }) : this
    for await (const { id, index, fields } of search.events(options))
      rows.push({ ...fields, _id: id, _index: index })
    return makeArrowTable(rows, needArrow(options.arrow ?? this.#client.arrow), TIME_COLUMNS)
  }

  /** The server's ZIP of all events: `query_results.csv` and `METADATA`. */
  async download(
    options: CallOptions & { fileName?: string } = {},
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const json = { ...toSearchBody(this.question), file_name: options.fileName ?? 'query_results.zip' }
    return await this.#client.connection.stream(
      { method: 'POST', path: this.#place(), json, isQuestion: true },
      options,
    )
  }

  /**
   * Writes all events into a file, at constant memory, each with the fields of `withFields`, else those that the server sends by itself. A
   * ZIP is made by the server, which takes every event that matches, whatever `take` says.
   *
   * @param target - A stream to write into; or a path, when the client has files (`@timeskein/sdk/node`).
   * @param options.format - @default the ending of the path, else `zip`
   * @returns Events and bytes written; no events for `zip`, which the server makes.
   * @throws {FileError} For an ending that is none of these, and where the file cannot be written.
   */
  async toFile(
    target: FileTarget,
    options: CallOptions & { format?: FileFormat } = {},
  ): Promise<{ readonly events: number | undefined; readonly bytes: number }> {
    return await writeEvents(this, target, this.#client, options)
  }

  /** Keeps the search in the sketch. */
  async save(saved: { name: string; description?: string }, options?: CallOptions): Promise<SavedSearch> {
    return await saveQuestion(this.#client.connection, this.sketchId, saved, this.question, options)
  }

  #place(): string {
    return path`/sketches/${this.sketchId}/explore/`
  }
}

/** Columns that hold a time. */
const TIME_COLUMNS: ReadonlySet<string> = new Set(['datetime'])
