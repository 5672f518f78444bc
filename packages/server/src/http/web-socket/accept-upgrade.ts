import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { AppContext } from '../app-types.ts'
import type { ServerApp } from '../create-app.ts'
import { TextSocket } from './text-socket.ts'

/** Longest message that is taken, in bytes. */
const MAX_MESSAGE_BYTES = 1_048_576
/** How long a client has to take the answer by which it is refused. */
const GOODBYE_MS = 1000

/** What a request that asks for a socket brings to its route. */
export interface UpgradeBindings {
  readonly incoming: IncomingMessage
  readonly acceptSocket: (serve: (socket: TextSocket) => void) => void
}

/**
 * Answers a request that asks for a socket, which is routed and checked as any other: a route that serves one calls `acceptSocket`;
 * what others answer is sent as it is. A browser that shows a page of another site (its `Origin` is not the host that it asks) is
 * refused: it would bring the cookies of whoever looks at that page.
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
  if (isForeign(incoming)) {
    const text = `A page of another site may open no socket here: the origin of ${incoming.headers.host} expected.`
    await answerPlainly(stream, new Response(text, { status: 403, statusText: 'Forbidden' }))
    return undefined
  }
  const address = `http://${incoming.headers.host ?? 'localhost'}`
  if (!URL.canParse(incoming.url ?? '/', address)) {
    const text = 'The address that is asked for cannot be read: a path and a host were expected.'
    await answerPlainly(stream, new Response(text, { status: 400, statusText: 'Bad Request' }))
    return undefined
  }
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers))
    if (typeof value === 'string') headers.set(name, value)
  const url = new URL(incoming.url ?? '/', address)
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
  await answerPlainly(stream, answer)
  return undefined
}

/** Answers on a connection that has been taken from the server, and ends it. */
export async function answerPlainly(stream: Duplex, answer: Response): Promise<void> {
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
  // A client that leaves its side open keeps nothing of the server.
  setTimeout(() => stream.destroy(), GOODBYE_MS).unref()
}

/** Programs that are no browsers send no `Origin`, or that of the host (RFC 6455, section 10.2). */
function isForeign({ headers: { origin, host = '' } }: IncomingMessage): boolean {
  if (origin === undefined) return false
  if (!URL.canParse(origin)) return true
  const { protocol, host: own } = new URL(origin)
  // The port of the scheme is left out by some.
  const asked = `${protocol}//${host}`
  return !URL.canParse(asked) || new URL(asked).host !== own
}

/** Whether a request asks for a socket. */
export function asksForSocket(c: AppContext): boolean {
  return ((c.env ?? {}) as Partial<UpgradeBindings>).acceptSocket !== undefined
}

/** Opens the socket that a request asks for; false where it asks for none. */
export function acceptSocket(c: AppContext, serve: (socket: TextSocket) => void): boolean {
  const { acceptSocket: accept } = (c.env ?? {}) as Partial<UpgradeBindings>
  if (!accept || c.req.header('sec-websocket-version') !== '13' || !c.req.header('sec-websocket-key'))
    return false
  accept(serve)
  return true
}
