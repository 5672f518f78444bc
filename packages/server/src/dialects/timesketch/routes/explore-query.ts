import { buildTimesketchBody } from '@timeskein/query'
import type { AppContext, SketchCall } from '../../../http/app-types.ts'
import { sendJson } from '../reply.ts'
import { readBody, text } from '../request.ts'
import type { TimesketchRouter } from '../router.ts'
import { readDsl, readFilter } from '../search/question.ts'
import { one } from '../wire/envelope.ts'

/** `/sketches/<id>/explore/query/`: the DSL that a search stands for, without running it (Timesketch 20261014: api/v1/resources/explore.py). */
export function routeExploreQuery(router: TimesketchRouter): void {
  router.sketch('POST', '/sketches/:sketchId/explore/query/', 'read', showQuery)
}

async function showQuery(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const dsl = readDsl(body)
  const built = buildTimesketchBody({
    queryString: text(body, 'query') ?? '',
    filter: readFilter(body),
    ...(dsl ? { dsl } : {}),
    sketchId: call.sketch.id,
  })
  return sendJson(c, one(built))
}
