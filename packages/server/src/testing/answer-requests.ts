import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

/** Answers the requests of a test's server; whose asker hangs up amid the request gets no answer, and that is no error of the test. */
export function answerRequests(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): RequestListener {
  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error
    })
  }
}
