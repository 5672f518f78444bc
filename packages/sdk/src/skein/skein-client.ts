import type {
  ApiAsks,
  ApiAuditEntry,
  ApiAuditFilter,
  ApiAuditPage,
  ApiDerived,
  ApiFinding,
  ApiImportJob,
  ApiImportPreview,
  ApiImportProgress,
  ApiKeyRow,
  ApiMarkReport,
  ApiMarkRequest,
  ApiOperation,
  ApiPlatformCredentials,
  ApiQuestion,
  ApiSearchLine,
  ApiSearchRequest,
  ApiSketch,
  ApiTimeline,
  ApiUser,
  KeyKind,
} from '@timeskein/model'
import { readLines } from '../transport/json-lines.ts'
import { path } from '../transport/path.ts'
import {
  createTransport,
  type RequestSpec,
  type Transport,
  type TransportOptions,
} from '../transport/transport.ts'
import { Connectors } from './connectors.ts'
import { Detections } from './detections.ts'
import { type AlertShapes, Findings, type IncidentShapes } from './findings.ts'
import { Policies } from './policies.ts'
import { Rules } from './rules.ts'
import { Suppressions } from './suppressions.ts'

/** Sends a request of our own API, and gives the JSON that comes back. */
export type SendJson = <Answer>(request: RequestSpec) => Promise<Answer>

/** What every call takes. */
export interface CallOptions {
  /** Aborts the call; work the server has begun for it stops too. */
  readonly signal?: AbortSignal | undefined
}

/** How the bytes of an upload are to be read; everything left out is detected. */
export interface ImportParameters extends CallOptions {
  readonly timeline: string
  /** Files found in an archive go to a timeline for each kind and host instead, named after these. */
  readonly bySource?: boolean | undefined
  /** The file's name, for the account. */
  readonly name: string
  /** Pairs such as `time=EventTime,message=Message`. */
  readonly map?: string | undefined
  readonly timeZone?: string | undefined
  readonly encoding?: string | undefined
  readonly dayFirst?: boolean | undefined
  /** Search space of binary files that is not in use for records that are left there. */
  readonly carve?: boolean | undefined
  /** Keep the XML of each Windows event, as `xml_string`. */
  readonly keepXml?: boolean | undefined
  /** Year in which the first line of a log was written whose times have none. */
  readonly year?: number | undefined
  readonly allTimes?: boolean | undefined
  /** An event filter of Plaso, for storage files. */
  readonly plasoFilter?: string | undefined
}

const PREFIX = '/api/skein/v1'

/**
 * A client of Timeskein's own API (`docs/api/skein-openapi.json`). Every call throws `ApiError` for a refusal and
 * `ConnectionError` when no answer comes.
 *
 * @example
 * const client = new SkeinClient({ baseUrl: 'http://127.0.0.1:5000', apiKey: 'sk_…' })
 * const sketch = await client.findSketch('case')
 * for await (const line of client.search(sketch.id, { query: 'powershell' })) console.log(line)
 */
export class SkeinClient {
  readonly rules: Rules
  readonly connectors: Connectors
  readonly detections: Detections
  readonly policies: Policies
  readonly suppressions: Suppressions
  readonly alerts: Findings<AlertShapes>
  readonly incidents: Findings<IncidentShapes>
  readonly #transport: Transport

  constructor(options: TransportOptions) {
    this.#transport = createTransport(options)
    const send: SendJson = (request) => this.#json(request)
    this.rules = new Rules(send)
    this.connectors = new Connectors(send)
    this.detections = new Detections(send)
    this.policies = new Policies(send)
    this.suppressions = new Suppressions(send)
    this.alerts = new Findings(send, 'alerts')
    this.incidents = new Findings(send, 'incidents')
  }

  async listUsers(options: CallOptions = {}): Promise<readonly ApiUser[]> {
    return (await this.#get<{ users: ApiUser[] }>('/users', options)).users
  }

  async addUser(
    user: { name: string; password: string; isAdmin: boolean },
    options: CallOptions = {},
  ): Promise<ApiUser> {
    return await this.#post('/users', user, options)
  }

  async setPassword(name: string, password: string, options: CallOptions = {}): Promise<void> {
    await this.#post(path`/users/${name}/password`, { password }, options)
  }

  async disableUser(name: string, options: CallOptions = {}): Promise<ApiUser> {
    return await this.#post(path`/users/${name}/disable`, {}, options)
  }

  async listKeys(options: CallOptions = {}): Promise<readonly ApiKeyRow[]> {
    return (await this.#get<{ keys: ApiKeyRow[] }>('/keys', options)).keys
  }

  async createKey(
    key: { name: string; scopes: readonly ('read' | 'write' | 'admin')[]; user?: string },
    options: CallOptions = {},
  ): Promise<{ id: number; key: string }> {
    return await this.#post('/keys', key, options)
  }

  /** Credentials for the API of another platform that the server speaks, in that platform's words; told this once. */
  async createPlatformKey(
    key: {
      name: string
      kind: Exclude<KeyKind, 'timeskein'>
      /** `read`, `write`, `admin`, or the platform's own names. */
      scopes: readonly string[]
      user?: string
    },
    options: CallOptions = {},
  ): Promise<ApiPlatformCredentials> {
    return await this.#post('/keys', key, options)
  }

  async revokeKey(id: number, options: CallOptions = {}): Promise<void> {
    await this.#json({ method: 'DELETE', path: path`/keys/${id}`, signal: options.signal })
  }

  /** Every sketch the caller can read, page by page; with `all` an administrator gets those of others too. */
  async *listSketches(options: CallOptions & { all?: boolean } = {}): AsyncGenerator<ApiSketch> {
    for (let page = 1; ; page += 1) {
      const answer = await this.#json<{ sketches: ApiSketch[]; totalPages: number }>({
        method: 'GET',
        path: '/sketches',
        query: { page, all: options.all },
        signal: options.signal,
      })
      yield* answer.sketches
      if (page >= answer.totalPages) return
    }
  }

  /** By id (digits) or name. */
  async findSketch(nameOrId: string, options: CallOptions = {}): Promise<ApiSketch> {
    return await this.#get(path`/sketches/by-name/${nameOrId}`, options)
  }

  async createSketch(
    sketch: { name: string; description?: string },
    options: CallOptions = {},
  ): Promise<ApiSketch> {
    return await this.#post('/sketches', sketch, options)
  }

  async changeSketch(
    sketchId: number,
    change: { name?: string; description?: string },
    options: CallOptions = {},
  ): Promise<ApiSketch> {
    return await this.#json({
      method: 'PATCH',
      path: path`/sketches/${sketchId}`,
      json: change,
      signal: options.signal,
    })
  }

  async deleteSketch(sketchId: number, options: CallOptions & { force?: boolean } = {}): Promise<void> {
    await this.#json({
      method: 'DELETE',
      path: path`/sketches/${sketchId}`,
      query: { force: options.force },
      signal: options.signal,
    })
  }

  async listTimelines(sketchId: number, options: CallOptions = {}): Promise<readonly ApiTimeline[]> {
    return (await this.#get<{ timelines: ApiTimeline[] }>(path`/sketches/${sketchId}/timelines`, options))
      .timelines
  }

  async renameTimeline(
    sketchId: number,
    timelineId: number,
    name: string,
    options: CallOptions = {},
  ): Promise<ApiTimeline> {
    return await this.#json({
      method: 'PATCH',
      path: path`/sketches/${sketchId}/timelines/${timelineId}`,
      json: { name },
      signal: options.signal,
    })
  }

  async deleteTimeline(sketchId: number, timelineId: number, options: CallOptions = {}): Promise<void> {
    await this.#json({
      method: 'DELETE',
      path: path`/sketches/${sketchId}/timelines/${timelineId}`,
      signal: options.signal,
    })
  }

  /**
   * The lines of a search's answer as they arrive: progress, rows, count, histogram, facets, and `done` last. Stopping early
   * stops the server. Numbers beyond 2^53 lose digits here: `searchLines` keeps them.
   */
  async *search(
    sketchId: number,
    request: ApiSearchRequest,
    options: CallOptions = {},
  ): AsyncGenerator<ApiSearchLine> {
    // The server writes its lines by the schema that this type comes from.
    for await (const line of this.searchLines(sketchId, request, options))
      yield JSON.parse(line) as ApiSearchLine
  }

  /** The same lines as text: every value as it was sent. */
  async *searchLines(
    sketchId: number,
    request: ApiSearchRequest,
    options: CallOptions = {},
  ): AsyncGenerator<string> {
    const response = await this.#send({
      method: 'POST',
      path: path`/sketches/${sketchId}/search`,
      json: request,
      isQuestion: true,
      signal: options.signal,
    })
    if (response.body) yield* readLines(response.body)
  }

  async count(sketchId: number, question: ApiQuestion, options: CallOptions = {}): Promise<number> {
    return (await this.#ask<{ count: number }>(path`/sketches/${sketchId}/count`, question, options)).count
  }

  async histogram(
    sketchId: number,
    question: ApiQuestion & { interval?: string },
    options: CallOptions = {},
  ): Promise<{ interval: string; buckets: { time: string; count: number }[] }> {
    return await this.#ask(path`/sketches/${sketchId}/histogram`, question, options)
  }

  async top(
    sketchId: number,
    question: ApiQuestion & { field: string; size?: number },
    options: CallOptions = {},
  ): Promise<{ buckets: { value: string | number | boolean; count: number }[]; otherCount: number }> {
    return await this.#ask(path`/sketches/${sketchId}/top`, question, options)
  }

  async listFields(
    sketchId: number,
    options: CallOptions & { timelines?: readonly (string | number)[] } = {},
  ): Promise<
    readonly { name: string; kinds: string[]; events: number; share: number; cardinality: number }[]
  > {
    const body = options.timelines === undefined ? {} : { timelines: options.timelines }
    type Answer = {
      fields: { name: string; kinds: string[]; events: number; share: number; cardinality: number }[]
    }
    return (await this.#ask<Answer>(path`/sketches/${sketchId}/fields`, body, options)).fields
  }

  /** How a question would be answered, one step a line; `asks` says what is asked of its events (a page of them). */
  async explain(
    sketchId: number,
    question: ApiQuestion & { asks?: ApiAsks },
    options: CallOptions = {},
  ): Promise<readonly string[]> {
    return (await this.#ask<{ steps: string[] }>(path`/sketches/${sketchId}/explain`, question, options))
      .steps
  }

  /** Every event of an answer, as the text of one JSON object each (`id`, `timeline`, `event`); stopping early stops the server. */
  async *exportEvents(
    sketchId: number,
    request: ApiQuestion & {
      sort?: 'asc' | 'desc'
      fields?: readonly string[]
      derived?: ApiDerived
    },
    options: CallOptions = {},
  ): AsyncGenerator<string> {
    const response = await this.#send({
      method: 'POST',
      path: path`/sketches/${sketchId}/export`,
      json: { ...request, format: 'jsonl' },
      isQuestion: true,
      signal: options.signal,
    })
    if (response.body) yield* readLines(response.body)
  }

  async mark(sketchId: number, request: ApiMarkRequest, options: CallOptions = {}): Promise<ApiMarkReport> {
    return await this.#post(path`/sketches/${sketchId}/marks`, request, options)
  }

  async listOperations(
    sketchId: number,
    options: CallOptions & { limit?: number; before?: string } = {},
  ): Promise<readonly ApiOperation[]> {
    const answer = await this.#json<{ operations: ApiOperation[] }>({
      method: 'GET',
      path: path`/sketches/${sketchId}/marks`,
      query: { limit: options.limit, before: options.before },
      signal: options.signal,
    })
    return answer.operations
  }

  /** @param options.sketchId - Refuse the operation of another sketch. */
  async undo(
    operationId: string,
    options: CallOptions & { sketchId?: number | undefined } = {},
  ): Promise<ApiOperation> {
    const { sketchId } = options
    return await this.#post(
      path`/marks/${operationId}/undo`,
      sketchId === undefined ? {} : { sketchId },
      options,
    )
  }

  /** Sends a file's bytes; resolves when its rows are stored, with the account of every row. */
  async importBytes(
    sketchId: number,
    bytes: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>,
    parameters: ImportParameters,
  ): Promise<ApiImportJob> {
    const { signal, ...query } = parameters
    return await this.#json({
      method: 'POST',
      path: path`/sketches/${sketchId}/imports`,
      query,
      bytes,
      signal,
    })
  }

  /** How far imports into a sketch are, from now on, as the server tells it a few times a second. */
  async *watchImports(
    sketchId: number,
    options: CallOptions = {},
  ): AsyncGenerator<ApiImportProgress & { readonly importId: string; readonly timelineId: number }> {
    const response = await this.#send({
      method: 'GET',
      path: path`/sketches/${sketchId}/changes`,
      signal: options.signal,
    })
    if (!response.body) return
    // Server-sent events, each with its data in one line.
    for await (const line of readLines(response.body)) {
      if (!line.startsWith('data: ')) continue
      const change = JSON.parse(line.slice('data: '.length))
      if (change.kind === 'import-progress') yield change.details
    }
  }

  /** What an import of these bytes would do; nothing is stored. The server stops reading when it has seen enough. */
  async previewImport(
    bytes: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>,
    parameters: Omit<ImportParameters, 'timeline' | 'bySource'>,
  ): Promise<ApiImportPreview> {
    const { signal, ...query } = parameters
    return await this.#json({
      method: 'POST',
      path: '/imports/preview',
      query,
      bytes,
      signal,
    })
  }

  /**
   * Rejected rows of an import as they stood, or (kind `reasons`) why, one JSON object each.
   *
   * @param options - `file`: only those of this file, by its place in the import's `files` from 1.
   */
  async readRejects(
    importId: string,
    options: CallOptions & { kind?: 'raw' | 'reasons'; file?: number } = {},
  ): Promise<ReadableStream<Uint8Array> | undefined> {
    const response = await this.#send({
      method: 'GET',
      path: path`/imports/${importId}/rejects`,
      query: { kind: options.kind, file: options.file },
      signal: options.signal,
    })
    return response.body ?? undefined
  }

  /** One page of the audit log, newest first; its `next` is the `before` of the next page. For administrators. */
  async readAudit(filter: ApiAuditFilter & CallOptions = {}): Promise<ApiAuditPage> {
    const { signal, ...query } = filter
    return await this.#json({ method: 'GET', path: '/audit', query, signal })
  }

  /** Every entry of the audit log that fits, newest first, page by page. For administrators. */
  async *listAudit(filter: ApiAuditFilter & CallOptions = {}): AsyncGenerator<ApiAuditEntry> {
    for (let { before } = filter; ; ) {
      const { entries, next } = await this.readAudit({ ...filter, before })
      yield* entries
      if (next === undefined) return
      before = next
    }
  }

  async diagnose(options: CallOptions = {}): Promise<readonly ApiFinding[]> {
    return (await this.#get<{ findings: ApiFinding[] }>('/doctor', options)).findings
  }

  async #get<Answer>(to: string, options: CallOptions): Promise<Answer> {
    return await this.#json({ method: 'GET', path: to, signal: options.signal })
  }

  async #ask<Answer>(to: string, json: unknown, options: CallOptions): Promise<Answer> {
    return await this.#json({ method: 'POST', path: to, json, isQuestion: true, signal: options.signal })
  }

  async #post<Answer>(to: string, json: unknown, options: CallOptions): Promise<Answer> {
    return await this.#json({ method: 'POST', path: to, json, signal: options.signal })
  }

  // The server answers by the schemas that these types come from.
  async #json<Answer>(request: RequestSpec): Promise<Answer> {
    return (await (await this.#send(request)).json()) as Answer
  }

  async #send(request: RequestSpec): Promise<Response> {
    return await this.#transport.send({ ...request, path: `${PREFIX}${request.path}` })
  }
}
