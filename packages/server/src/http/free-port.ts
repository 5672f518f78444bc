import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Listens for a moment where a server is going to: who cannot should know before anything is made for it.
 *
 * @throws The system's error, `EADDRINUSE` where another process listens there.
 */
export async function requireFreePort(host: string, port: number): Promise<void> {
  const probe = createServer()
  probe.listen({ host, port })
  await once(probe, 'listening')
  probe.close()
  await once(probe, 'close')
}
