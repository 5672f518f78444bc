import { createApp, listen, openSystem, type System } from '@timeskein/server'
import pino from 'pino'
import type { Effects } from '../effects.ts'

/** Where to listen and what to serve. */
export interface ServerOptions {
  readonly dataDirectory: string
  readonly host: string
  readonly port: number
  readonly logLevel: string
  readonly isQuiet: boolean
  /** What to do once the server answers and before waiting for the end. */
  readonly whenListening?: (system: System, address: string) => Promise<void>
}

/** Serves until the signal aborts, then stops gracefully. Prints "listening on …" when it answers. */
export async function runServer(options: ServerOptions, effects: Effects): Promise<void> {
  const log = pino({ level: options.logLevel }, pino.destination({ dest: 2, sync: false }))
  const system = await openSystem({ dataDirectory: options.dataDirectory, log })
  try {
    if (!options.isQuiet) for (const note of system.recovery) effects.writeError(`${note.message}\n`)
    const app = createApp(system)
    const server = await listen(app, { host: options.host, port: options.port })
    try {
      await effects.writeOut(`listening on ${server.url}\n`)
      if (system.firstAdmin)
        await effects.writeOut(
          `first run: log in as ${system.firstAdmin.username} with the password ${system.firstAdmin.password} (shown this once)\n`,
        )
      await options.whenListening?.(system, server.url)
      await waitForAbort(effects.signal)
    } finally {
      await server.close()
    }
  } finally {
    await system.close()
  }
}

async function waitForAbort(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
