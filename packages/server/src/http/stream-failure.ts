import type { PublicCall } from './app-types.ts'
import { toProblem } from './problem.ts'

/** Why a stream that had begun broke off: what a problem document would have said. */
export interface StreamFailure {
  readonly code: string
  readonly detail: string
}

/**
 * Notes in the log (which has the request's id) what was thrown after an answer had begun, and says what may be told of it.
 * Undefined when the client has gone: that is no fault.
 */
export function noteStreamFailure(
  call: Pick<PublicCall, 'log' | 'requestId' | 'signal'>,
  error: unknown,
): StreamFailure | undefined {
  if (call.signal.aborted) return undefined
  const { code, detail, status } = toProblem(error, call.requestId)
  call.log[status >= 500 ? 'error' : 'warn']({ err: error, code }, 'an answer broke off')
  return { code, detail }
}
