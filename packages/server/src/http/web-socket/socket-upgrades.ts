import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import type { ServerApp } from '../create-app.ts'
import { acceptUpgrade, answerPlainly } from './accept-upgrade.ts'
import type { TextSocket } from './text-socket.ts'

/** RFC 6455, section 7.4.1. */
const GOING_AWAY = 1001

/** The connections of a server that became sockets, or asked to. */
export class SocketUpgrades {
  readonly #app: ServerApp
  readonly #log: Logger
  readonly #sockets = new Set<TextSocket>()
  /** Every connection that was taken from the server: it does not know them any more. */
  readonly #streams = new Set<Duplex>()

  constructor(app: ServerApp, log: Logger) {
    this.#app = app
    this.#log = log
  }

  /** Takes the server's requests for sockets. */
  attach(server: Server): void {
    // Every other offer is ignored, as a server may (RFC 9110, section 7.8): the request is one as any other.
    Object.assign(server, { shouldUpgradeCallback: asksForSocket })
    server.on('upgrade', (request, stream, head) => {
      this.#streams.add(stream)
      stream.on('close', () => this.#streams.delete(stream))
      this.#take(request, stream, head).catch((error: unknown) => {
        this.#log.error({ err: error }, 'a socket could not be opened')
        stream.destroy()
      })
    })
  }

  /** Tells all clients to go. */
  close(): void {
    for (const socket of [...this.#sockets]) socket.close(GOING_AWAY, 'the server is stopping')
  }

  /** Ends what is still open. */
  destroy(): void {
    for (const stream of this.#streams) stream.destroy()
  }

  async #take(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    if (!asksForSocket(request)) {
      // A Node before 24.9 gives these away without their bodies.
      const text = 'This connection can only become a WebSocket: leave out the header Upgrade.'
      await answerPlainly(stream, new Response(text, { status: 400, statusText: 'Bad Request' }))
      return
    }
    const socket = await acceptUpgrade(this.#app, request, stream, head)
    if (!socket || socket.signal.aborted) return
    this.#sockets.add(socket)
    socket.signal.addEventListener('abort', () => this.#sockets.delete(socket), { once: true })
  }
}

function asksForSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket'
}
