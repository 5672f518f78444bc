import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { AppContext } from '../app-types.ts'
import type { ServerApp } from '../create-app.ts'
import { TextSocket } from './text-socket.ts'

/** Of the handshake (RFC 6455, section 1.3). */
const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

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
  let socket: TextSocket | undefined
  const bindings: UpgradeBindings = {
    incoming,
    acceptSocket(serve) {
      stream.write(writeHandshake(incoming.headers['sec-websocket-key'] ?? ''))
      socket = new TextSocket(stream, head)
      serve(socket)
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

function writeHandshake(key: string): string {
  const accept = createHash('sha1')
    .update(key + MAGIC)
    .digest('base64')
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`
}
