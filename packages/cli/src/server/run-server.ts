import {
  ALL_DIALECTS,
  createApp,
  createLogger,
  isDataDirectory,
  listen,
  openSystem,
  parseTrustedProxies,
  requireFreePort,
  requireReachablePort,
  type System,
} from '@timeskein/server'
import type { Effects } from '../effects.ts'
import { ClosedOutputError } from '../output/closed-output-error.ts'
import { lines, prose } from '../output/prose.ts'

/** How much a server says of itself on standard error. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Where to listen and what to serve. */
export interface ServerOptions {
  readonly dataDirectory: string
  readonly host: string
  readonly port: number
  readonly logLevel: LogLevel
  readonly isQuiet: boolean
  /** What `--trust-proxy` says; undefined: no proxy is believed. */
  readonly trustProxy: string | undefined
  readonly secureCookies: 'auto' | 'always' | 'never'
  /** What to do once the server answers and before waiting for the end. */
  readonly whenListening?: (system: System, address: string) => Promise<void>
}

/** Serves until the signal aborts, then stops gracefully. Prints "listening on …" when it answers. */
export async function runServer(options: ServerOptions, effects: Effects): Promise<void> {
  // Before a data directory is made: this needs none.
  requireReachablePort(options.port)
  const trustedProxies =
    options.trustProxy === undefined ? undefined : parseTrustedProxies(options.trustProxy)
  // Of a directory that there is, it is told first who has it open.
  if (!isDataDirectory(options.dataDirectory)) await requireFreePort(options.host, options.port)
  await using system = await openSystem({
    dataDirectory: options.dataDirectory,
    logger: createLogger({ level: options.logLevel }),
    looksAtUnseenEvents: true,
  })
  if (!options.isQuiet) effects.writeError(lines(system.recovery.map((note) => note.message)))
  // Before anything that can fail: the password is told this once.
  if (system.firstAdmin)
    await effects.writeOut(
      prose`first run: log in as ${system.firstAdmin.username} with the password ${system.firstAdmin.password} (shown this once)\n`,
    )
  const app = createApp(system, {
    dialects: ALL_DIALECTS,
    secureCookies: options.secureCookies,
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
  })
  const server = await listen(app, system, { host: options.host, port: options.port })
  try {
    await effects.writeOut(prose`listening on ${server.url}\n`)
    try {
      await options.whenListening?.(system, server.url)
    } catch (error) {
      // The server stays: whoever read our first lines may go, and what is done beside serving may fail.
      if (!(error instanceof ClosedOutputError) && !effects.signal.aborted)
        effects.writeError(lines([error instanceof Error ? error.message : String(error)]))
    }
    await waitForAbort(effects.signal)
  } finally {
    await server.stop()
  }
}

async function waitForAbort(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
