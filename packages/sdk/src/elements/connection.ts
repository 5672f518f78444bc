import { isApiError } from '../errors/api-error.ts'
import { Listing } from '../paging/listing.ts'
import { type ExactJson, parseExactJson } from '../transport/exact-json.ts'
import {
  type AskedRequest,
  describeRequest,
  readJsonAnswer,
  readListAnswer,
} from '../transport/read-answer.ts'
import {
  createTransport,
  type QueryValues,
  type RequestSpec,
  type Transport,
} from '../transport/transport.ts'
import type { CallOptions, ListOptions } from './call-options.ts'
import { readFailure } from './failure.ts'
import { type Credentials, type Scope, TokenSource } from './token-source.ts'

/** How a client reaches WithSecure Elements. */
export interface ElementsOptions extends Credentials {
  /** @default 'https://api.connect.withsecure.com' */
  readonly baseUrl?: string | undefined
  /** The organization of calls that name none: a UUID. @default the client's own */
  readonly organizationId?: string | undefined
  /** Every call must name its program. @default 'timeskein-sdk' */
  readonly userAgent?: string | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Tries after the first. @default 4 */
  readonly retryCount?: number | undefined
}

/** Address of the production system. */
export const ELEMENTS_URL = 'https://api.connect.withsecure.com'

/** Limits count by the minute: a wait that the platform asks for is never much longer. */
const MAX_RETRY_AFTER_MS = 90_000
const DEFAULT_RETRY_COUNT = 4
const JSON_TYPE = 'application/json'
const AGGREGATION_TYPE = 'application/vnd.withsecure.aggr+json'

/** A request, with what its token must allow. */
export interface ElementsRequest extends Omit<RequestSpec, 'signal' | 'headers' | 'bytes'> {
  /** @default 'read' */
  readonly scope?: Scope
}

/** A page as the platform answers it; the last one has no `nextAnchor`. */
interface WirePage<Item> {
  readonly items: readonly Item[]
  readonly nextAnchor?: string
}

/** An answer with the request that it is for. */
interface Answered {
  readonly asked: AskedRequest
  readonly answer: ExactJson | undefined
}

/** Sends calls: tokens, retries, paging and errors for all resources. */
export class Connection {
  readonly organizationId: string | undefined
  readonly #transport: Transport
  readonly #tokens: TokenSource
  readonly #userAgent: string

  constructor(options: ElementsOptions) {
    this.organizationId = options.organizationId
    this.#userAgent = options.userAgent ?? 'timeskein-sdk'
    this.#transport = createTransport({
      baseUrl: options.baseUrl ?? ELEMENTS_URL,
      retryCount: options.retryCount ?? DEFAULT_RETRY_COUNT,
      maxRetryAfterMs: MAX_RETRY_AFTER_MS,
      readFailure,
      ...(options.fetch ? { fetch: options.fetch } : {}),
    })
    this.#tokens = new TokenSource(this.#transport, options, this.#userAgent)
  }

  /**
   * What a call answers; undefined where the body is empty.
   *
   * @throws {ApiError} @throws {ConnectionError} @throws {AnswerError} For what is not JSON.
   */
  async send<Answer>(request: ElementsRequest, options: CallOptions = {}): Promise<Answer> {
    return (await this.#json(request, JSON_TYPE, options)).answer as Answer
  }

  /** Counts instead of a list. */
  async aggregate<Row>(request: ElementsRequest, options: CallOptions = {}): Promise<readonly Row[]> {
    return readPage<Row>(await this.#json(request, AGGREGATION_TYPE, options)).items
  }

  /**
   * A list over `nextAnchor`. Every page is asked with the same parameters and the anchor.
   *
   * @param maxPageSize - What the platform allows, which is asked for where the caller says nothing.
   */
  list<Item>(
    request: Omit<ElementsRequest, 'query' | 'form'>,
    values: QueryValues,
    options: ListOptions,
    maxPageSize: number,
  ): Listing<Item> {
    return new Listing<Item>(describeRequest(request), (anchor) =>
      this.readPage(request, values, options, maxPageSize, anchor),
    )
  }

  /** One page of `list`. */
  async readPage<Item>(
    request: Omit<ElementsRequest, 'query' | 'form'>,
    values: QueryValues,
    options: ListOptions,
    maxPageSize: number,
    anchor: string | undefined,
  ): Promise<{ readonly items: readonly Item[]; readonly next: string | undefined }> {
    const { pageSize = maxPageSize, organizationId = this.organizationId } = options
    const all = { ...values, organizationId, limit: pageSize, anchor }
    const asked: ElementsRequest =
      request.method === 'GET' ? { ...request, query: all } : { ...request, form: all, isQuestion: true }
    const { items, nextAnchor } = readPage<Item>(await this.#json(asked, JSON_TYPE, options))
    return { items, next: nextAnchor }
  }

  async #json(request: ElementsRequest, accept: string, options: CallOptions): Promise<Answered> {
    const { response, asked } = await this.#send(request, accept, options)
    const text = await response.text()
    return { asked, answer: text === '' ? undefined : readJsonAnswer<ExactJson>(text, asked, parseExactJson) }
  }

  /** A token that was taken back, or has ended early, is renewed once: the call was refused before anything was done. */
  async #send(
    request: ElementsRequest,
    accept: string,
    options: CallOptions,
  ): Promise<{ readonly response: Response; readonly asked: AskedRequest }> {
    const { scope = 'read', ...spec } = request
    for (let isFirst = true; ; isFirst = false) {
      const token = await this.#tokens.get(scope)
      const headers = { accept, authorization: `Bearer ${token}`, 'user-agent': this.#userAgent }
      const asked = { ...spec, headers }
      try {
        return { response: await this.#transport.send({ ...asked, signal: options.signal }), asked }
      } catch (error) {
        if (!isFirst || !isApiError(error) || error.status !== 401) throw error
        this.#tokens.drop(token)
      }
    }
  }
}

function readPage<Item>({ asked, answer }: Answered): WirePage<Item> {
  const items = readListAnswer<Item>(answer, asked, 'items')
  // It has a list, and so is an object.
  const { nextAnchor } = answer as { readonly nextAnchor?: string }
  return { items, ...(nextAnchor === undefined ? {} : { nextAnchor }) }
}
