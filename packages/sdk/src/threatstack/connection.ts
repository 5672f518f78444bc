import { isAnswerError } from '../errors/answer-error.ts'
import { isApiError } from '../errors/api-error.ts'
import { isConnectionError } from '../errors/connection-error.ts'
import { type ExactJson, parseExactJson } from '../transport/exact-json.ts'
import { readJsonAnswer, readListAnswer } from '../transport/read-answer.ts'
import { createTransport, type RequestSpec, type Transport } from '../transport/transport.ts'
import type { CallOptions } from './call-options.ts'
import { readFailure } from './failure.ts'

/** What clients of both versions take. */
export interface ReachOptions {
  /** For tests and for calling a server in process. @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Tries after the first. @default 4 */
  readonly retryCount?: number | undefined
  /** How long one answer may take in all, in milliseconds. @default 120_000 */
  readonly timeoutMs?: number | undefined
}

/** The limit is one of a minute: a wait that the platform asks for is never much longer. */
const MAX_RETRY_AFTER_MS = 90_000
const DEFAULT_RETRY_COUNT = 4
const DEFAULT_TIMEOUT_MS = 120_000

/** A request without what the connection adds. */
export type ThreatStackRequest = Pick<RequestSpec, 'method' | 'path' | 'query' | 'json'>

/** Sends calls and reads what they answer. */
export class Connection {
  readonly #transport: Transport
  readonly #headers: Readonly<Record<string, string>>

  constructor(baseUrl: string, headers: Readonly<Record<string, string>>, options: ReachOptions) {
    this.#headers = { accept: 'application/json', ...headers }
    this.#transport = createTransport({
      baseUrl,
      retryCount: options.retryCount ?? DEFAULT_RETRY_COUNT,
      maxRetryAfterMs: MAX_RETRY_AFTER_MS,
      readFailure,
      fetch: limitFetch(options.fetch ?? globalThis.fetch, options.timeoutMs ?? DEFAULT_TIMEOUT_MS),
    })
  }

  /**
   * What a call answers; undefined where the body is empty.
   *
   * @throws {ApiError} @throws {ConnectionError} @throws {AnswerError} For what is not JSON.
   */
  async send<Answer>(request: ThreatStackRequest, options: CallOptions = {}): Promise<Answer> {
    const asked = { ...request, headers: this.#headers }
    const response = await this.#transport
      .send({ ...asked, signal: options.signal })
      .catch((error: unknown) => {
        // What came was no answer of the platform, which is told as that.
        throw isConnectionError(error) && isAnswerError(error.cause) ? error.cause : error
      })
    const text = await response.text()
    if (text === '') return undefined as Answer
    return readJsonAnswer<Answer>(text, asked, parseExactJson)
  }

  /** As `send`; undefined where the platform says that there is none. */
  async find<Answer>(request: ThreatStackRequest, options: CallOptions = {}): Promise<Answer | undefined> {
    try {
      return await this.send<Answer>(request, options)
    } catch (error) {
      if (isApiError(error) && error.status === 404) return undefined
      throw error
    }
  }

  /**
   * The list that an answer is, or has under a name.
   *
   * @throws {AnswerError} For something else.
   */
  readList<Item>(request: ThreatStackRequest, answer: ExactJson | undefined, key?: string): readonly Item[] {
    return readListAnswer<Item>(answer, { ...request, headers: this.#headers }, key)
  }
}

/** Version 2 says until when to wait in milliseconds, in a header of its own; the transport knows `Retry-After`. */
function limitFetch(doFetch: typeof globalThis.fetch, timeoutMs: number): typeof globalThis.fetch {
  return async (input, init) => {
    const deadline = AbortSignal.timeout(timeoutMs)
    const signal = init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline
    const response = await doFetch(input, { ...init, signal })
    const resetMs = Number(response.headers.get('x-rate-limit-reset') ?? Number.NaN)
    if (response.status !== 429 || response.headers.has('retry-after') || Number.isNaN(resetMs))
      return response
    const headers = new Headers(response.headers)
    headers.set('retry-after', String(Math.max(0, Math.ceil(resetMs / 1000))))
    return new Response(response.body, { status: response.status, headers })
  }
}
