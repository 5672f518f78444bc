import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { AppContext } from './app-types.ts'

/**
 * A request's body as a stream of Node's, for bodies of many megabytes; undefined when there is none. It is the connection's own
 * stream as long as nobody else reads it: the web streams that stand for it otherwise cost several times what reading does.
 */
export function openBody(c: AppContext): Readable | undefined {
  const { incoming } = (c.env ?? {}) as { incoming?: IncomingMessage }
  if (incoming !== undefined && isUntouched(incoming)) return incoming
  const { body } = c.req.raw
  // Node's stream types and the web's name the same streams.
  return body === null ? undefined : Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0])
}

/** A body of undeclared length is counted while it is read (`limitBody`), so it has a reader already. */
function isUntouched(incoming: IncomingMessage): boolean {
  const { headers } = incoming
  const isDeclared = headers['content-length'] !== undefined && headers['transfer-encoding'] === undefined
  return isDeclared && !incoming.readableDidRead && incoming.listenerCount('data') === 0
}
