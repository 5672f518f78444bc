import { ApiError } from '../errors/api-error.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { sendWithRetries } from './retry.ts'
import { withoutSecrets } from './without-secrets.ts'

/** How a client reaches its server. */
export interface TransportOptions {
  /** Address of the server, with or without a slash at its end. */
  readonly baseUrl: string
  /** Sent as `Authorization: Bearer`; never part of an error. */
  readonly apiKey?: string | undefined
  /** For tests and for calling a server in process. @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch
  /** Tries after the first, of requests that may be repeated. @default 2 */
  readonly retryCount?: number
  /** A server that asks to wait longer before the next try is not waited for. @default 30_000 */
  readonly maxRetryAfterMs?: number
  /** Makes an error of an answer that is no success; it reads the body. @default by the `application/problem+json` of Timeskein's own API */
  readonly readFailure?: (response: Response, request: RequestSpec) => Promise<Error>
}

/** Values of a query or form by their names; what is undefined is left out. */
export type QueryValues = Readonly<
  Record<string, string | number | boolean | undefined | readonly (string | number | boolean)[]>
>

/** One request. */
export interface RequestSpec {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  /** An array repeats its name. */
  readonly query?: QueryValues | undefined
  /** Beside those that the transport sends. Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: QueryValues | undefined
  /** Sent as it is. */
  readonly bytes?: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>
  readonly signal?: AbortSignal | undefined
  /** A POST that only asks: it may be repeated as a GET may. */
  readonly isQuestion?: boolean
}

/** Sends requests: authorisation, retries of what may be repeated, errors as typed values. */
export interface Transport {
  /** @throws {ApiError} For every status but 2xx, at the last try or when the server asks for a wait beyond `maxRetryAfterMs`. @throws {ConnectionError} When no answer comes. */
  send(request: RequestSpec): Promise<Response>
}

/** Tries after the first, unless a caller says otherwise. */
export const DEFAULT_RETRY_COUNT = 2

/** Makes a transport over `fetch`. */
export function createTransport(options: TransportOptions): Transport {
  const base = options.baseUrl.replace(/\/+$/, '')
  const doFetch = options.fetch ?? globalThis.fetch
  return {
    async send(request) {
      const isStream = request.bytes !== undefined
      let response: Response
      try {
        response = await sendWithRetries(
          () => doFetch(toUrl(base, request), toInit(request, options.apiKey)),
          {
            retryCount: options.retryCount ?? DEFAULT_RETRY_COUNT,
            mayRepeat: !isStream && (request.method === 'GET' || request.isQuestion === true),
            canSendAgain: !isStream,
            maxRetryAfterMs: options.maxRetryAfterMs,
            signal: request.signal,
          },
        )
      } catch (error) {
        if (request.signal?.aborted) throw error
        throw new ConnectionError(base, { cause: error })
      }
      if (!response.ok) {
        const refusal = await withoutSecrets(response, toHeaders(request, options.apiKey))
        throw await (options.readFailure ?? readProblem)(refusal, request)
      }
      return response
    },
  }
}

function toUrl(base: string, request: RequestSpec): string {
  const text = toParameters(request.query ?? {}).toString()
  return `${base}${request.path}${text === '' ? '' : `?${text}`}`
}

function toParameters(values: QueryValues): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(values))
    for (const one of Array.isArray(value) ? value : value === undefined ? [] : [value])
      parameters.append(name, String(one))
  return parameters
}

function toInit(request: RequestSpec, apiKey: string | undefined): RequestInit {
  const body =
    request.form !== undefined
      ? toParameters(request.form)
      : request.json === undefined
        ? request.bytes
        : JSON.stringify(request.json)
  return {
    method: request.method,
    headers: toHeaders(request, apiKey),
    ...(body === undefined ? {} : { body }),
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
    ...(request.signal ? { signal: request.signal } : {}),
  } as RequestInit
}

function toHeaders(request: RequestSpec, apiKey: string | undefined): Readonly<Record<string, string>> {
  return {
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    ...(request.json === undefined ? {} : { 'content-type': 'application/json' }),
    ...request.headers,
  }
}

async function readProblem(response: Response): Promise<ApiError> {
  const text = await response.text()
  const requestId = response.headers.get('x-request-id') ?? undefined
  try {
    const problem: { detail?: unknown; code?: unknown; column?: unknown; query?: unknown } = JSON.parse(text)
    return new ApiError(
      typeof problem.detail === 'string' ? problem.detail : `the server answered ${response.status}`,
      {
        status: response.status,
        code: typeof problem.code === 'string' ? problem.code : `http-${response.status}`,
        requestId,
        column: typeof problem.column === 'number' ? problem.column : undefined,
        query: typeof problem.query === 'string' ? problem.query : undefined,
      },
    )
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return new ApiError(`the server answered ${response.status} without saying why`, {
      status: response.status,
      code: `http-${response.status}`,
      requestId,
    })
  }
}
