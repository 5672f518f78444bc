import { getConnInfo } from '@hono/node-server/conninfo'
import type { AppContext } from './app-types.ts'

/**
 * Where a request comes from.
 *
 * @param trustsProxy - Believe the last entry of `X-Forwarded-For`, which the proxy in front added.
 */
export function readClientAddress(c: AppContext, trustsProxy: boolean): string {
  if (trustsProxy) {
    const last = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()
    if (last) return last.slice(0, 64)
  }
  // Without a socket (tests, the command line in process) there is no address to read.
  if (!(c.env && typeof c.env === 'object' && 'incoming' in c.env)) return 'local'
  return getConnInfo(c).remote.address ?? 'unknown'
}
