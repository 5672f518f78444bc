import type { AppContext, SketchCall } from '../../../http/app-types.ts'
import { abort } from '../errors.ts'
import { sendJson } from '../reply.ts'
import { queryInt } from '../request.ts'
import type { TimesketchRouter } from '../router.ts'
import { flat, one } from '../wire/envelope.ts'
import { marshalSearchNode, marshalSearchTree } from '../wire/search-node.ts'

/** `/sketches/<id>/searchhistory/` and `…/searchhistorytree/` (reference, section 2.11). */
export function routeSearchHistory(router: TimesketchRouter): void {
  router.sketch('GET', '/sketches/:sketchId/searchhistory/', 'read', listHistory)
  router.sketch('GET', '/sketches/:sketchId/searchhistorytree/', 'read', showTree)
  router.sketch('GET', '/sketches/:sketchId/explore/sessions/:indexName', 'read', listSessions)
}

async function listHistory(c: AppContext, call: SketchCall): Promise<Response> {
  if (c.req.query('question') !== undefined) abort(404)
  const limit = Math.max(1, queryInt(c, 'limit', 12))
  const nodes = await call.services.searchHistory.list(call.principal, call.sketch.id, limit)
  return sendJson(c, flat(nodes.map(marshalSearchNode)))
}

async function showTree(c: AppContext, call: SketchCall): Promise<Response> {
  const tree = await call.services.searchHistory.tree(call.principal, call.sketch.id)
  return sendJson(
    c,
    tree
      ? one(marshalSearchTree(tree.root), { last_node_id: tree.lastNodeId })
      : one({}, { last_node_id: null }),
  )
}

/** Sessions are found by analyzers; without one there are none. */
function listSessions(c: AppContext): Response {
  return sendJson(c, [{ truncated: false }])
}
