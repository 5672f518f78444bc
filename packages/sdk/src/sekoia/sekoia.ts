import type {
  SekoiaEvent,
  SekoiaMe,
  SekoiaNotification,
  SekoiaStatistics,
  SekoiaStatisticsRequest,
  SekoiaToken,
} from '@timeskein/model/sekoia'
import { AnswerError } from '../errors/answer-error.ts'
import type { Listing } from '../paging/listing.ts'
import type { Poll, PollOptions } from '../paging/poll.ts'
import { SekoiaAlerts } from './alerts/alerts.ts'
import { SekoiaCases } from './alerts/cases.ts'
import { SekoiaRules } from './catalogue/rules.ts'
import { type CallOptions, SekoiaConnection } from './connection/connection.ts'
import { findAddresses, findRegion, type SekoiaAddresses, type SekoiaRegion } from './connection/regions.ts'
import { pollEvents } from './events/poll-events.ts'
import { type EventCursor, type EventSearchOptions, searchEvents } from './events/search-events.ts'
import { SekoiaSearchJobs } from './events/search-jobs.ts'
import { SekoiaAssets } from './intakes/assets.ts'
import { SekoiaEntities, SekoiaIntakes } from './intakes/configuration.ts'
import { SekoiaPush } from './intakes/push.ts'
import { type MakeSocket, makeSocket, readMessages } from './live/socket.ts'
import { type QueryRow, type QueryRunOptions, type RunCursor, SekoiaQueries } from './queries/queries.ts'
import { SekoiaCommunities } from './workspace/workspace.ts'

/** How Sekoia.io is reached. */
export interface SekoiaOptions {
  /** Never part of an error. */
  readonly apiKey: string
  /** Where the organisation's data is. @default 'fra1' */
  readonly region?: SekoiaRegion | undefined
  /** An installation that has everything under one address, such as `http://127.0.0.1:5000/sekoia`. It stands above `region`. */
  readonly url?: string | undefined
  /** Addresses that are other than those of the region. */
  readonly addresses?: Partial<SekoiaAddresses> | undefined
  /** Milliseconds for each call. @default 60,000 */
  readonly timeoutMs?: number | undefined
  /** Tries after the first, of calls that may be repeated. @default 2 */
  readonly retryCount?: number | undefined
  /** @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** @default the runtime's own; a browser's cannot sign in */
  readonly makeSocket?: MakeSocket | undefined
}

/**
 * A client of Sekoia.io's REST API. What it gives are the platform's own records, typed; a list is an async iterable.
 *
 * @example
 * const sekoia = new Sekoia({ apiKey, region: 'fra1' })
 * for await (const event of sekoia.search('source.ip: "1.2.3.4"', { earliest: '30d' })) console.log(event)
 */
export class Sekoia {
  readonly rules: SekoiaRules
  readonly alerts: SekoiaAlerts
  readonly cases: SekoiaCases
  readonly searchJobs: SekoiaSearchJobs
  readonly entities: SekoiaEntities
  readonly intakes: SekoiaIntakes
  readonly assets: SekoiaAssets
  readonly communities: SekoiaCommunities
  readonly queries: SekoiaQueries
  readonly #connection: SekoiaConnection
  readonly #intakeConnection: SekoiaConnection
  readonly #addresses: SekoiaAddresses
  readonly #options: SekoiaOptions

  /** @throws {ConfigError} For a key that cannot be one. */
  constructor(options: SekoiaOptions) {
    const { apiKey, region = 'fra1', url, timeoutMs = 60_000, retryCount, fetch } = options
    this.#options = options
    this.#addresses = {
      ...(url === undefined ? findRegion(region) : findAddresses(url)),
      ...options.addresses,
    }
    const parts = { apiKey, timeoutMs, retryCount, fetch }
    const connection = new SekoiaConnection(this.#addresses.api, parts)
    this.#connection = connection
    this.#intakeConnection = new SekoiaConnection(this.#addresses.intake, parts)
    this.rules = new SekoiaRules(connection)
    this.alerts = new SekoiaAlerts(connection)
    this.cases = new SekoiaCases(connection)
    this.searchJobs = new SekoiaSearchJobs(connection)
    this.entities = new SekoiaEntities(connection)
    this.intakes = new SekoiaIntakes(connection)
    this.assets = new SekoiaAssets(connection)
    this.communities = new SekoiaCommunities(connection)
    this.queries = new SekoiaQueries(connection)
  }

  /**
   * What the key is.
   *
   * @throws {ApiError} `T300` for one that is none.
   * @throws {AnswerError} Where something else than Sekoia.io answers.
   */
  async validate(options?: CallOptions): Promise<SekoiaToken> {
    const request = { method: 'GET', path: '/v1/auth/validate' } as const
    const found = await this.#connection.json<Partial<SekoiaToken> | null>(request, options)
    if (!found?.identity) throw this.#connection.refuse(request, 'a key with its identity', found)
    return found as SekoiaToken
  }

  /** Whose key it is. */
  async me(options?: CallOptions): Promise<SekoiaMe> {
    return await this.#connection.get('/v1/me', options)
  }

  /**
   * Events that answer a term in the dork language, newest first. The search job is begun, and waited for, when the first page is
   * asked for.
   *
   * @throws {JobError} When the job fails. @throws {ApiError} For a term that cannot be read.
   */
  search(term: string, options: EventSearchOptions = {}): Listing<SekoiaEvent, EventCursor> {
    return searchEvents(this.searchJobs, term, options)
  }

  /** Events as they come, oldest first, each once. */
  pollEvents(
    term: string,
    options: PollOptions & Omit<EventSearchOptions, 'earliest' | 'latest' | 'maxEvents' | 'signal'> = {},
  ): Poll<SekoiaEvent> {
    return pollEvents(this.searchJobs, term, options)
  }

  /** Rows of a SOL program. */
  sol<Row = QueryRow>(program: string, options: QueryRunOptions = {}): Listing<Row, RunCursor> {
    return this.queries.run<Row>(program, options)
  }

  /** Sends events to an intake. @param key - Its `intake_key`. */
  intake(key: string): SekoiaPush {
    return new SekoiaPush(this.#intakeConnection, key)
  }

  /** What happens to alerts and search jobs, as it happens, until the caller stops. */
  async *live(
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<SekoiaNotification> {
    const cookie = `access_token_cookie=${this.#options.apiKey}`
    const socket = this.#makeSocket(this.#addresses.live, { cookie })
    for await (const message of readMessages(socket, { action: 'upgrade' }, options.signal))
      yield message as SekoiaNotification
  }

  /** Numbers of events over time. */
  async readStatistics(
    request: SekoiaStatisticsRequest,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<SekoiaStatistics> {
    const { statistics } = this.#addresses
    const socket = this.#makeSocket(statistics, { authorization: `Bearer ${this.#options.apiKey}` })
    for await (const message of readMessages(socket, request, options.signal))
      return message as SekoiaStatistics
    throw new AnswerError(statistics, 'statistics', 'the end of the socket')
  }

  #makeSocket(...given: Parameters<MakeSocket>): WebSocket {
    return (this.#options.makeSocket ?? makeSocket)(...given)
  }
}
