import { dissectUrl } from '@timeskein/analyze'
import type { AppContext, UserCall } from '../../../../http/app-types.ts'
import { abort } from '../../errors.ts'
import { sendJson } from '../../reply.ts'
import { readBody, text } from '../../request.ts'
import type { TimesketchRouter } from '../../router.ts'
import { marshalContextLinks } from '../../wire/case/context-links.ts'
import { marshalUrlGraph } from '../../wire/case/url-graph.ts'

/** Longest URL that is taken apart. */
const MAX_URL_LENGTH = 65_536

/** `/intelligence/tagmetadata/`, `/contextlinks/` and `/unfurl/` (Timesketch 20261014: api/v1/resources: intelligence.py, contextlinks.py and unfurl.py). */
export function routeIntelligence(router: TimesketchRouter): void {
  router.user('GET', '/intelligence/tagmetadata/', async (c, { services }) =>
    sendJson(c, await services.intelligence.tagMetadata()),
  )
  router.user('GET', '/contextlinks/', async (c, { services }) =>
    sendJson(c, marshalContextLinks(await services.intelligence.contextLinks())),
  )
  router.user('POST', '/unfurl/', unfurl, { keyScope: 'read' })
}

async function unfurl(c: AppContext, _call: UserCall): Promise<Response> {
  const body = await readBody(c)
  if (Object.keys(body).length === 0) abort(400, 'No JSON data provided')
  const url = text(body, 'url') ?? abort(400, 'url parameter is required')
  if (url.length > MAX_URL_LENGTH)
    abort(400, `A URL of at most ${MAX_URL_LENGTH} characters is taken apart; this one has ${url.length}.`)
  return sendJson(c, marshalUrlGraph(dissectUrl(url)))
}
