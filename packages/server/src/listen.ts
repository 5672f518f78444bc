import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { answerBrokenRequests } from './answer-broken-requests.ts'
import { requireReachablePort } from './http/blocked-ports.ts'
import type { ServerApp } from './http/create-app.ts'
import { SocketUpgrades } from './http/web-socket/socket-upgrades.ts'
import type { System } from './system.ts'
import { watchIdleBodies } from './watch-idle-bodies.ts'

/** Where to answer. */
export interface ListenOptions {
  /** @default '127.0.0.1' */
  readonly host?: string
  /** 0: any free one. @default 5000 */
  readonly port?: number
  /**
   * A client that owes more of a body and sends nothing for so long is cut off; noticed after at most twice the time.
   *
   * @default 60,000
   */
  readonly bodyIdleMs?: number
}

/** A server that answers. */
export interface Listening {
  /** `http://127.0.0.1:5000` */
  readonly url: string
  /**
   * Stops: takes no more connections, ends pulls, lets other requests finish until the deadline, then cuts them off and closes the
   * system.
   *
   * @param deadlineMs - Default 10,000, for requests and for imports each.
   */
  stop(deadlineMs?: number): Promise<void>
}

/** How long requests may go on when the server is stopped. */
const DEFAULT_DEADLINE_MS = 10_000
/** How long a client may send nothing of a body that it has begun. */
const BODY_IDLE_MS = 60_000
/** How often connections without a request are closed while the server stops. */
const SWEEP_MS = 50

/**
 * Puts an application on a port. Resolves when it answers; rejects when the port is taken.
 *
 * @throws {DomainError} `invalid` (`blocked-port`) for a port that no browser asks.
 */
export async function listen(
  app: ServerApp,
  system: System,
  options: ListenOptions = {},
): Promise<Listening> {
  const host = options.host ?? '127.0.0.1'
  const askedPort = options.port ?? 5000
  requireReachablePort(askedPort)
  const { promise, resolve, reject } = Promise.withResolvers<AddressInfo>()
  // Without TLS and HTTP/2 settings what `serve` makes is a plain HTTP server.
  const server = serve(
    { fetch: app.fetch as (request: Request) => Response, hostname: host, port: askedPort },
    resolve,
  ) as Server
  server.once('error', reject)
  // Uploads and exports may take hours; slow headers may not, nor clients that fall silent.
  server.requestTimeout = 0
  server.headersTimeout = 30_000
  answerBrokenRequests(server, system.log)
  watchIdleBodies(server, options.bodyIdleMs ?? BODY_IDLE_MS, (address) =>
    system.log.warn({ address }, 'a client was cut off that sent no more of its body'),
  )
  const upgrades = new SocketUpgrades(app, system.log)
  upgrades.attach(server)
  const { port } = await promise
  server.off('error', reject)
  server.on('error', (error) => system.log.error({ err: error }, 'server error'))
  let stopping: Promise<void> | undefined
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    stop(deadlineMs = DEFAULT_DEADLINE_MS) {
      stopping ??= stopServer(server, system, upgrades, deadlineMs)
      return stopping
    },
  }
}

async function stopServer(
  server: Server,
  system: System,
  upgrades: SocketUpgrades,
  deadlineMs: number,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  upgrades.close()
  system.endPulls()
  server.close(() => resolve())
  // A connection whose last request ends now would be kept open for the next one.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
  const timer = setTimeout(() => {
    server.closeAllConnections()
    upgrades.destroy()
  }, deadlineMs)
  await promise
  clearTimeout(timer)
  clearInterval(sweep)
  await system.close({ deadlineMs })
}
