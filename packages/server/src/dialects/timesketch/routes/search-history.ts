import type { AppContext, SketchCall } from '../../../http/app-types.ts'
import { inWords } from '../errors.ts'
import { sendJson } from '../reply.ts'
import { queryInt } from '../request.ts'
import type { TimesketchRouter } from '../router.ts'
import { flat, one } from '../wire/envelope.ts'
import { marshalSearchNode, marshalSearchTree } from '../wire/search-node.ts'
import { SCENARIO_WORDS } from './case/scenario-words.ts'

/** `/sketches/<id>/searchhistory/` and `…/searchhistorytree/` (Timesketch 20261014: api/v1/resources/explore.py). */
export function routeSearchHistory(router: TimesketchRouter): void {
  router.sketch('GET', '/sketches/:sketchId/searchhistory/', 'read', listHistory)
  router.sketch('GET', '/sketches/:sketchId/searchhistorytree/', 'read', showTree)
  router.sketch('GET', '/sketches/:sketchId/explore/sessions/:indexName', 'read', listSessions)
}

async function listHistory(c: AppContext, call: SketchCall): Promise<Response> {
  const limit = Math.max(1, queryInt(c, 'limit', 12))
  const questionId = queryInt(c, 'question', 0)
  if (questionId !== 0)
    await inWords(
      call.services.scenarios.requireParts(call.principal, call.sketch.id, { question: questionId }),
      SCENARIO_WORDS,
    )
  const nodes = await call.services.searchHistory.list(call.principal, call.sketch.id, {
    limit,
    ...(questionId === 0 ? {} : { questionId }),
  })
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
