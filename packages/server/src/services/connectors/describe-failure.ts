import { isDomainError } from '../../errors/domain-error.ts'

/** What was tried: a connector is tested where it is added or looked at, and pulls after that. */
export type ConnectorAttempt = 'test' | 'pull'

/** What a failure comes to: what to say, and how long to wait before the next try. */
export interface PullFailure {
  /** A sentence. Never secrets: errors of the clients have none. */
  readonly problem: string
  readonly backOffMs: number
}

const MINUTE_MS = 60_000
/** Longest wait between two tries. */
export const MAX_BACK_OFF_MS: number = 60 * MINUTE_MS
/** Credentials that do not work are tried less often: an account may be locked for it. */
const CREDENTIALS_BACK_OFF_MS = 15 * MINUTE_MS

/**
 * Says in words why a platform could not be asked. The wait doubles with each failure after another, from one minute to an hour.
 *
 * @param failures - How often it failed in a row, this time included.
 */
export function describeFailure(error: unknown, failures: number, attempt: ConnectorAttempt): PullFailure {
  const waitMs = Math.min(MAX_BACK_OFF_MS, MINUTE_MS * 2 ** Math.min(failures - 1, 10))
  const { name, message, status } = readError(error)
  if (status === 401 || status === 403)
    return {
      problem: `The platform refuses the credentials, or they may not read this (${message}). Give others; a connector that is there takes them with skein connect set-secret.`,
      backOffMs: Math.max(waitMs, CREDENTIALS_BACK_OFF_MS),
    }
  if (status === 429) return { problem: `The platform asks for fewer calls (${message}).`, backOffMs: waitMs }
  if (status !== undefined && status >= 500)
    return { problem: `The platform is out of order (${message}).`, backOffMs: waitMs }
  if (status !== undefined && status >= 300 && status < 400)
    return {
      problem: `The platform sends callers elsewhere, where connectors do not follow (${message}). Is the address right?`,
      backOffMs: waitMs,
    }
  if (status === 404)
    return {
      problem: `What was asked for does not exist at the address (${message}). Are the address and the account the right ones?`,
      backOffMs: waitMs,
    }
  if (name === 'AnswerError')
    return {
      problem: `What answers at the address does not speak as the platform does (${message}). Is the address right?`,
      backOffMs: waitMs,
    }
  if (isDomainError(error)) return { problem: message, backOffMs: waitMs }
  if (name === 'ConnectionError' || name === 'TimeLimitError' || name === 'AbortError')
    return { problem: `The platform cannot be reached (${message}).`, backOffMs: waitMs }
  return { problem: `The ${attempt} failed: ${message}`, backOffMs: waitMs }
}

function readError(error: unknown): { name: string; message: string; status: number | undefined } {
  if (!(error instanceof Error)) return { name: '', message: String(error).slice(0, 200), status: undefined }
  const refusal = findRefusal(error)
  const status = 'status' in error && typeof error.status === 'number' ? error.status : undefined
  return { name: error.name, message: (refusal ?? error).message.slice(0, 500), status }
}

/** A refusal of ours beneath an error of the connection. */
function findRefusal(error: Error): Error | undefined {
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause)
    if (isDomainError(cause)) return cause
  return undefined
}
