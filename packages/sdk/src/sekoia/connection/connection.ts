import type { AnswerError } from '../../errors/answer-error.ts'
import { isApiError } from '../../errors/api-error.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { Listing } from '../../paging/listing.ts'
import { startDeadline } from '../../transport/deadline.ts'
import {
  type AskedRequest,
  describeRequest,
  readJsonAnswer,
  refuseAnswer,
} from '../../transport/read-answer.ts'
import {
  createTransport,
  type RequestSpec,
  type Transport,
  type TransportOptions,
} from '../../transport/transport.ts'
import type { ListOptions, ListQuery } from './list-options.ts'
import { readRefusal } from './refusal.ts'

/** What every call takes. */
export interface CallOptions {
  /** Aborts the call. What the platform has begun may go on there. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds until the call fails with a `TimeLimitError`, with all its tries. `Infinity` for no limit. @default that of the client */
  readonly timeoutMs?: number | undefined
}

/** What a connection is made of. */
export interface ConnectionOptions {
  readonly apiKey: string
  readonly fetch?: TransportOptions['fetch'] | undefined
  readonly retryCount?: number | undefined
  readonly timeoutMs: number
}

/** A request below the address of the API. */
export type SekoiaRequest = Omit<RequestSpec, 'signal'>

/** Calls of one key at one address: time limits, retries of what may be repeated, and refusals as typed errors. */
export class SekoiaConnection {
  readonly #transport: Transport
  readonly #timeoutMs: number
  readonly #headers: Readonly<Record<string, string>>

  /** @param baseUrl - What paths come behind. @throws {ConfigError} For a key that cannot be one. */
  constructor(baseUrl: string, options: ConnectionOptions) {
    const { apiKey, fetch, retryCount } = options
    // A header with a line break fails with an error that repeats it.
    if (!/^[\x21-\x7e]+$/.test(apiKey))
      throw new ConfigError('an API key was expected: characters of ASCII without blanks')
    this.#timeoutMs = options.timeoutMs
    this.#headers = { authorization: `Bearer ${apiKey}` }
    this.#transport = createTransport({
      baseUrl,
      readFailure: readRefusal,
      ...(fetch === undefined ? {} : { fetch }),
      ...(retryCount === undefined ? {} : { retryCount }),
    })
  }

  async get<Answer>(path: string, options: CallOptions = {}, query: ListQuery = {}): Promise<Answer> {
    return await this.json({ method: 'GET', path, query }, options)
  }

  /** As `get`; undefined where the platform says that there is no such thing. */
  async find<Answer>(path: string, options?: CallOptions, query?: ListQuery): Promise<Answer | undefined> {
    try {
      return await this.get<Answer>(path, options, query)
    } catch (error) {
      if (isApiError(error) && error.status === 404) return undefined
      throw error
    }
  }

  /** A POST that acts: it is not repeated once it may have reached the platform. */
  async post<Answer>(path: string, json: unknown, options: CallOptions = {}): Promise<Answer> {
    return await this.json({ method: 'POST', path, json }, options)
  }

  async patch<Answer>(path: string, json: unknown, options: CallOptions = {}): Promise<Answer> {
    return await this.json({ method: 'PATCH', path, json }, options)
  }

  async put<Answer>(path: string, json: unknown, options: CallOptions = {}): Promise<Answer> {
    return await this.json({ method: 'PUT', path, json }, options)
  }

  /** The platform answers with or without a body; neither says more than that it is done. */
  async delete(path: string, options: CallOptions = {}): Promise<void> {
    await this.text({ method: 'DELETE', path }, options)
  }

  /**
   * The answer as JSON, as the platform's documentation says it; it is not checked member by member.
   *
   * @throws {ApiError} For a refusal. @throws {ConnectionError} When no answer comes. @throws {TimeLimitError}
   * @throws {AnswerError} For an answer that is not JSON.
   */
  async json<Answer>(request: SekoiaRequest, options: CallOptions = {}): Promise<Answer> {
    return readJsonAnswer<Answer>(await this.text(request, options), this.#withHeaders(request))
  }

  /** The error for an answer that is not as the platform's documentation says, without the key where it repeats that. */
  refuse(request: AskedRequest, expected: string, answer: unknown): AnswerError {
    return refuseAnswer(this.#withHeaders(request), expected, answer)
  }

  /** The answer as it is. @throws As `json`. */
  async text(request: SekoiaRequest, options: CallOptions = {}): Promise<string> {
    const what = describeRequest(request)
    using deadline = startDeadline(what, options.timeoutMs ?? this.#timeoutMs, options.signal)
    try {
      const response = await this.#transport.send({ ...this.#withHeaders(request), signal: deadline.signal })
      return await response.text()
    } catch (error) {
      if (deadline.signal.aborted) throw deadline.signal.reason
      throw error
    }
  }

  /**
   * A list that pages by `limit` and `offset`, with the number of all in `total`.
   *
   * @param maxPageSize - The most items that the platform gives at once.
   */
  list<Item>(
    path: string,
    { pageSize, offset = 0, sort, direction, ...options }: ListOptions,
    { maxPageSize, query = {} }: { readonly maxPageSize: number; readonly query?: ListQuery },
  ): Listing<Item, number> {
    const limit = Math.min(pageSize ?? maxPageSize, maxPageSize)
    return new Listing<Item, number>(
      `GET ${path}`,
      async (start = offset) => {
        const page = await this.get<{ items?: Item[]; total?: number }>(path, options, {
          ...query,
          limit,
          offset: start,
          sort,
          direction,
        })
        return toPage(page, start, limit)
      },
      offset,
    )
  }

  #withHeaders<Asked extends AskedRequest>(request: Asked): Asked {
    return { ...request, headers: { ...this.#headers, ...request.headers } }
  }
}

/** A page of a list by offset. A server that counts is believed; of one that does not, a short page is the last. */
export function toPage<Item>(
  { items = [], total }: { readonly items?: readonly Item[]; readonly total?: number },
  offset: number,
  limit: number,
): { items: readonly Item[]; next: number | undefined; total: number | undefined } {
  const end = offset + items.length
  const isLast = items.length === 0 || (total === undefined ? items.length < limit : end >= total)
  return { items, next: isLast ? undefined : end, total }
}
