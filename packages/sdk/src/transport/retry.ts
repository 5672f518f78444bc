import { readErrorCode } from '../errors/connection-error.ts'
import { waitMs } from './wait.ts'

/** What may be sent again, and how often. */
export interface RetryRules {
  /** Tries after the first. */
  readonly retryCount: number
  /** The request only asks: sending it twice changes nothing. */
  readonly mayRepeat: boolean
  /** Its body can be sent a second time when the first never left: not a stream. */
  readonly canSendAgain: boolean
  /** Statuses after which what only asks is asked again. @default BUSY_STATUSES */
  readonly retriedStatuses?: ReadonlySet<number> | undefined
  /** @default MAX_RETRY_AFTER_MS */
  readonly maxRetryAfterMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Before the second try where the server says nothing; twice as long before each further one. */
const FIRST_DELAY_MS = 200
/** A server that asks for a longer wait before the next try is not waited for: its refusal is the answer. */
export const MAX_RETRY_AFTER_MS = 30_000
/** Too Many Requests (RFC 6585, section 4). */
const TOO_MANY = 429
/** A server, or the proxy before it, that may answer a moment later. */
export const BUSY_STATUSES: ReadonlySet<number> = new Set([TOO_MANY, 502, 503, 504])

/** What is looked at of an answer; `body` only where nobody has read it yet. */
export type RetriedAnswer = Pick<Response, 'status' | 'ok' | 'headers'> & {
  readonly body: Response['body'] | undefined
}

/**
 * Sends until there is an answer that stands. What only asks is repeated when the server is too busy or the connection breaks;
 * everything else only when nothing can have reached the server, or the server turned it away as one too many (429): else nobody
 * knows what has been done there.
 *
 * @param send - May read the answer to its end: one that breaks off is as good as none.
 * @returns The last answer, whatever its status.
 * @throws What `send` threw at the last try, or the signal's reason when it aborts.
 */
export async function sendWithRetries<Answer extends RetriedAnswer>(
  send: () => Promise<Answer>,
  rules: RetryRules,
): Promise<Answer> {
  const retriedStatuses = rules.retriedStatuses ?? BUSY_STATUSES
  for (let attempt = 0; ; attempt += 1) {
    const isLast = attempt >= rules.retryCount
    const backOffMs = FIRST_DELAY_MS * 2 ** attempt
    let response: Answer
    rules.signal?.throwIfAborted()
    try {
      response = await send()
    } catch (error) {
      const again = rules.canSendAgain && (rules.mayRepeat || wasNeverSent(error))
      rules.signal?.throwIfAborted()
      if (isLast || !again) throw error
      await waitMs(backOffMs, rules.signal)
      continue
    }
    const mayRepeat = rules.mayRepeat || (response.status === TOO_MANY && rules.canSendAgain)
    if (response.ok || isLast || !mayRepeat || !retriedStatuses.has(response.status)) return response
    const delayMs = readRetryAfterMs(response) ?? backOffMs
    if (delayMs > (rules.maxRetryAfterMs ?? MAX_RETRY_AFTER_MS)) return response
    await response.body?.cancel()
    await waitMs(delayMs, rules.signal)
  }
}

/** Codes of Node's and undici's errors for connections that were never made. */
const NEVER_SENT: ReadonlySet<string | undefined> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** True where it is known that no byte of the request has reached the server; a browser never tells. */
export function wasNeverSent(error: unknown): boolean {
  return NEVER_SENT.has(readErrorCode(error))
}

/**
 * How long the server asks to wait, by `Retry-After` (RFC 9110, section 10.2.3): seconds or a date. A date is held against the
 * answer's own `Date`, since the clocks of two machines differ, and counts as no wait when it is past.
 *
 * @returns Undefined where the server says nothing that can be read.
 */
function readRetryAfterMs({ headers }: RetriedAnswer): number | undefined {
  const text = headers.get('retry-after')
  if (text === null) return undefined
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const untilMs = readHttpDateMs(text)
  if (untilMs === undefined) return undefined
  return Math.max(0, untilMs - (readHttpDateMs(headers.get('date') ?? '') ?? Date.now()))
}

/** Milliseconds since 1970 of a date in one of the three forms of HTTP (RFC 9110, section 5.6.7), of which one names no zone. */
function readHttpDateMs(text: string): number | undefined {
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return undefined
  const ms = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(ms) ? undefined : ms
}
