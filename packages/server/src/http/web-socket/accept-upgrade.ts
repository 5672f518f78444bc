import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { AppContext } from '../app-types.ts'
import type { ServerApp } from '../create-app.ts'
import { TextSocket } from './text-socket.ts'

/** Longest message that is taken, in bytes. */
const MAX_MESSAGE_BYTES = 1_048_576

/** What a request that asks for a socket brings to its route. */
interface UpgradeBindings {
  readonly incoming: IncomingMessage
  readonly acceptSocket: (serve: (socket: TextSocket) => void) => void
}

/**
 * Answers a request that asks for a socket, which is routed and checked as any other: a route that serves one calls `acceptSocket`;
 * what others answer is sent as it is.
 *
 * @returns The socket; undefined where none was opened.
 */
export async function acceptUpgrade(
  app: ServerApp,
  incoming: IncomingMessage,
  stream: Duplex,
  head: Buffer,
): Promise<TextSocket | undefined> {
  stream.on('error', () => stream.destroy())
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers))
    if (typeof value === 'string') headers.set(name, value)
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'localhost'}`)
  // Loaded with the first socket: most servers open none.
  const { WebSocketServer } = await import('ws')
  const server = new WebSocketServer({ noServer: true, clientTracking: false, maxPayload: MAX_MESSAGE_BYTES })
  let socket: TextSocket | undefined
  const bindings: UpgradeBindings = {
    incoming,
    acceptSocket(serve) {
      // Calls back at once, where the client keeps to the protocol; where not, it has answered so.
      server.handleUpgrade(incoming, stream, head, (opened) => {
        socket = new TextSocket(opened)
        serve(socket)
      })
    },
  }
  const answer = await app.fetch(new Request(url, { headers }), bindings)
  if (socket) return socket
  const body = Buffer.from(await answer.arrayBuffer())
  const lines = [...answer.headers].map(([name, value]) => `${name}: ${value}\r\n`)
  stream.end(
    Buffer.concat([
      Buffer.from(
        `HTTP/1.1 ${answer.status} ${answer.statusText}\r\n${lines.join('')}content-length: ${body.length}\r\nconnection: close\r\n\r\n`,
      ),
      body,
    ]),
  )
  return undefined
}

/** Opens the socket that a request asks for; false where it asks for none. */
export function acceptSocket(c: AppContext, serve: (socket: TextSocket) => void): boolean {
  const { acceptSocket: accept } = (c.env ?? {}) as Partial<UpgradeBindings>
  if (!accept || c.req.header('sec-websocket-version') !== '13' || !c.req.header('sec-websocket-key'))
    return false
  accept(serve)
  return true
}
