import { AnswerError } from '../../errors/answer-error.ts'
import { type ApiError, isApiError } from '../../errors/api-error.ts'
import { ConnectionError, isConnectionError } from '../../errors/connection-error.ts'
import { isSignInError } from '../../errors/sign-in-error.ts'
import { type Deadline, limitBody, startDeadline } from '../../transport/deadline.ts'
import { type ExactJson, parseExactJson, stringifyExactJson } from '../../transport/exact-json.ts'
import { BUSY_STATUSES, type RetriedAnswer, sendWithRetries } from '../../transport/retry.ts'
import type { CallOptions } from './call-options.ts'
import { toRefusal } from './refusal.ts'
import { type ApiRequest, describeRequest } from './request.ts'
import type { Session, SessionAnswer } from './session.ts'

/** What a connection is made of. */
export interface ConnectionParts {
  readonly session: Session
  /** Makes the session one that is signed in. */
  readonly signIn: (session: Session, signal: AbortSignal | undefined) => Promise<void>
  /** Signing in once more can help when the server no longer knows the session: not with a key. */
  readonly canSignInAgain: boolean
  readonly retryCount: number
  readonly timeoutMs: number
}

const API_PREFIX = '/api/v1'
// The client of Timesketch takes these two for success and everything else for failure (api_client, error.py).
const SUCCESS: ReadonlySet<number> = new Set([200, 201])
// It repeats these, too: a search that the datastore is too busy for is one.
const RETRIED: ReadonlySet<number> = new Set([...BUSY_STATUSES, 500])

/** An answer, and from where it came after redirects. */
interface Answer extends RetriedAnswer {
  readonly path: string
  /** All of it, where it was to be read to its end. */
  readonly text: string | undefined
}

/**
 * Calls of one signed-in session: retries of what may be repeated, time limits, and errors with a code. A session that has ended on
 * the server is begun again once, and the call that found it ended is sent anew: the server had refused it before doing anything.
 */
export class Connection {
  readonly #parts: ConnectionParts
  #signingIn: Promise<void> | undefined

  constructor(parts: ConnectionParts) {
    this.#parts = parts
  }

  /** Address of the server, without a slash at its end. */
  get url(): string {
    return this.#parts.session.baseUrl
  }

  async signIn(options: CallOptions = {}): Promise<void> {
    using deadline = this.#startDeadline('sign in', options)
    await this.#guard('sign in', deadline, () => this.#signInOnce(deadline.signal))
  }

  /** Ends the session on the server. */
  async signOut(options: CallOptions = {}): Promise<void> {
    using deadline = this.#startDeadline('sign out', options)
    await this.#guard('sign out', deadline, async () => {
      const { response } = await this.#parts.session.send({
        method: 'GET',
        path: '/logout/',
        signal: deadline.signal,
      })
      await response.body?.cancel()
    })
    this.#parts.session.clear()
  }

  get(path: string, options?: CallOptions, query?: ApiRequest['query']): Promise<ExactJson> {
    return this.json({ method: 'GET', path, query }, options)
  }

  /** A POST that acts: it is never repeated once it may have reached the server. */
  post(path: string, json: unknown, options?: CallOptions): Promise<ExactJson> {
    return this.json({ method: 'POST', path, json }, options)
  }

  /** A POST that only asks. */
  ask(path: string, json: unknown, options?: CallOptions): Promise<ExactJson> {
    return this.json({ method: 'POST', path, json, isQuestion: true }, options)
  }

  put(path: string, json: unknown, options?: CallOptions): Promise<ExactJson> {
    return this.json({ method: 'PUT', path, json }, options)
  }

  delete(
    path: string,
    options?: CallOptions,
    more: Pick<ApiRequest, 'query' | 'json'> = {},
  ): Promise<ExactJson> {
    return this.json({ method: 'DELETE', path, ...more }, options)
  }

  /**
   * The answer as JSON; integers beyond 2^53 are bigints.
   *
   * @throws {ApiError} For a refusal. @throws {ConnectionError} When no answer comes. @throws {TimeLimitError}
   * @throws {AnswerError} For an answer that is not JSON.
   */
  async json(request: ApiRequest, options: CallOptions = {}): Promise<ExactJson> {
    const what = describeRequest(request)
    using deadline = this.#startDeadline(what, options)
    return await this.#guard(what, deadline, async () => {
      const { text = '' } = await this.#send(request, deadline, true)
      try {
        return parseExactJson(text)
      } catch {
        // What the parser says is no cause of it: it repeats the text, credentials and all.
        const told = this.#parts.session.hide(text).slice(0, 60)
        throw new AnswerError(what, 'JSON', JSON.stringify(told))
      }
    })
  }

  /** The body of an answer as it arrives; stopping early ends the request. What has arrived cannot be asked for again. */
  async stream(
    request: ApiRequest,
    options: CallOptions = {},
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const what = describeRequest(request)
    const deadline = this.#startDeadline(what, options)
    try {
      const answered = await this.#guard(what, deadline, () => this.#send(request, deadline, false))
      if (!answered.body) throw new AnswerError(what, 'a body', 'none')
      const toError = (cause: unknown): Error =>
        new ConnectionError(this.url, { request: what, cause, answered })
      return limitBody(answered.body, deadline, toError)
    } catch (error) {
      deadline[Symbol.dispose]()
      throw error
    }
  }

  #startDeadline(what: string, options: CallOptions): Deadline {
    return startDeadline(what, options.timeoutMs ?? this.#parts.timeoutMs, options.signal)
  }

  /** Unknown causes become ours here and nowhere else. */
  async #guard<T>(what: string, deadline: Deadline, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (deadline.signal.aborted) throw deadline.signal.reason
      if (isApiError(error) || isSignInError(error) || isConnectionError(error)) throw error
      if (error instanceof AnswerError) throw error
      throw new ConnectionError(this.url, { request: what, cause: error })
    }
  }

  /** @param readsAll - The answer is read to its end, so that one that breaks off may be asked for again. */
  async #send(request: ApiRequest, deadline: Deadline, readsAll: boolean): Promise<Answer> {
    const first = await this.#try(request, deadline, readsAll)
    if (!isSessionEnd(first)) return first
    if (!this.#parts.canSignInAgain) throw first
    await this.#signInOnce(deadline.signal)
    const second = await this.#try(request, deadline, readsAll)
    if (isSessionEnd(second)) throw second
    return second
  }

  /** An answer of success, or the refusal that says that the session has ended; other refusals are thrown. */
  async #try(request: ApiRequest, deadline: Deadline, readsAll: boolean): Promise<Answer | ApiError> {
    const { session, retryCount } = this.#parts
    // A call amid the signing in of another would be one of nobody.
    if (this.#signingIn) await untilAborted(this.#signingIn, deadline.signal)
    const answer = await sendWithRetries(() => this.#exchange(request, deadline, readsAll), {
      retryCount,
      mayRepeat: request.method === 'GET' || request.isQuestion === true,
      canSendAgain: true,
      retriedStatuses: RETRIED,
      signal: deadline.signal,
    })
    if (isSuccess(answer)) return answer
    const isLoginPage = isLogin(answer.path)
    const { headers } = answer
    const refusal = toRefusal(
      describeRequest(request),
      { status: isLoginPage ? 401 : answer.status, headers },
      isLoginPage ? NOT_SIGNED_IN : session.hide(answer.text ?? ''),
    )
    if (isSessionEnd(refusal)) return refusal
    throw refusal
  }

  /** One exchange. A refusal is always read to its end. */
  async #exchange(request: ApiRequest, deadline: Deadline, readsAll: boolean): Promise<Answer> {
    const body = request.json === undefined ? undefined : stringifyExactJson(request.json)
    const { response, path }: SessionAnswer = await this.#parts.session.send({
      method: request.method,
      path: API_PREFIX + request.path + toQuery(request.query),
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: () => body ?? request.form?.(),
      signal: deadline.signal,
    })
    const { status, ok, headers } = response
    deadline.requestId = headers.get('x-request-id') ?? undefined
    if (!readsAll && isSuccess({ status, path }))
      return { status, ok, headers, path, text: undefined, body: response.body }
    try {
      return { status, ok, headers, path, text: await response.text(), body: undefined }
    } catch (cause) {
      throw new ConnectionError(this.url, { request: describeRequest(request), cause, answered: response })
    }
  }

  /** Calls that find the session ended at the same time wait for one signing in; none of them can abort it for the others. */
  async #signInOnce(signal: AbortSignal): Promise<void> {
    this.#signingIn ??= this.#beginSession().finally(() => {
      this.#signingIn = undefined
    })
    await untilAborted(this.#signingIn, signal)
  }

  async #beginSession(): Promise<void> {
    const { session, signIn } = this.#parts
    using deadline = this.#startDeadline('sign in', {})
    session.clear()
    await signIn(session, deadline.signal)
  }
}

async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

const NOT_SIGNED_IN = '{"message": "The server wants somebody who has signed in."}'

function isLogin(path: string): boolean {
  return /\/login\/?$/.test(path)
}

function isSuccess({ status, path }: Pick<Answer, 'status' | 'path'>): boolean {
  return SUCCESS.has(status) && !isLogin(path)
}

function isSessionEnd(answer: Answer | ApiError): answer is ApiError {
  return isApiError(answer) && (answer.code === 'sign-in-needed' || answer.code === 'csrf-token')
}

function toQuery(query: ApiRequest['query']): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined) parameters.set(name, String(value))
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}
