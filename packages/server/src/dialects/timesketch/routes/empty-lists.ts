import type { AppContext } from '../../../http/app-types.ts'
import { sendJson } from '../reply.ts'
import type { TimesketchRouter } from '../router.ts'
import { nested } from '../wire/envelope.ts'

/** Lists of what this server does not make yet; the Python client reads them for every sketch, so they are there and empty. */
export function routeEmptyLists(router: TimesketchRouter): void {
  const none = (c: AppContext): Response => sendJson(c, nested([]))
  router.sketch('GET', '/sketches/:sketchId/analyzer/', 'read', (c) => sendJson(c, []))
  router.sketch('GET', '/sketches/:sketchId/timelines/:timelineId/analysis/', 'read', none)
}
