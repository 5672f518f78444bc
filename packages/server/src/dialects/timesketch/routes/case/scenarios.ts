import type { AppContext, SketchCall, UserCall } from '../../../../http/app-types.ts'
import { specOf } from '../../../../services/scenarios/copy-template.ts'
import { abort, inWords } from '../../errors.ts'
import { sendJson } from '../../reply.ts'
import { pathId, readBody, text } from '../../request.ts'
import type { TimesketchRouter } from '../../router.ts'
import { marshalFacet, marshalQuestion, marshalScenario } from '../../wire/case/scenario.ts'
import { nested, one } from '../../wire/envelope.ts'
import { pythonJson } from '../../wire/python-json.ts'
import { SCENARIO_WORDS } from './scenario-words.ts'

/** `/scenarios/`, `/questions/` (templates) and `/sketches/<id>/scenarios/…` (Timesketch 20261014: api/v1/resources/scenarios.py). */
export function routeScenarios(router: TimesketchRouter): void {
  router.user('GET', '/scenarios/', (c, call) => listTemplates(c, call, 'scenario'))
  router.user('GET', '/questions/', (c, call) => listTemplates(c, call, 'question'))
  router.sketch('GET', '/sketches/:sketchId/scenarios/', 'read', list)
  router.sketch('POST', '/sketches/:sketchId/scenarios/', 'write', create)
  router.sketch('GET', '/sketches/:sketchId/scenarios/:scenarioId/', 'read', get)
  router.sketch('POST', '/sketches/:sketchId/scenarios/:scenarioId/', 'write', rename)
  router.sketch('POST', '/sketches/:sketchId/scenarios/:scenarioId/status/', 'write', setStatus)
  router.sketch('GET', '/sketches/:sketchId/scenarios/:scenarioId/facets/', 'read', listFacets)
  router.sketch('GET', '/sketches/:sketchId/scenarios/:scenarioId/questions/', 'read', listQuestions)
  router.sketch(
    'GET',
    '/sketches/:sketchId/scenarios/:scenarioId/facets/:facetId/questions/',
    'read',
    listFacetQuestions,
  )
}

async function listTemplates(
  c: AppContext,
  { services }: UserCall,
  kind: 'scenario' | 'question',
): Promise<Response> {
  const catalogue = await services.scenarios.catalogue()
  return sendJson(c, {
    objects: catalogue?.list(kind).map((template) => specOf(catalogue, template)) ?? [],
  })
}

async function list(c: AppContext, call: SketchCall): Promise<Response> {
  const scenarios = await call.services.scenarios.list(call.principal, call.sketch.id)
  const status = c.req.query('status')
  const wanted = status === undefined ? scenarios : scenarios.filter((known) => known.status === status)
  return sendJson(c, nested(wanted.map(marshalScenario)))
}

async function create(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const choice = {
    uuid: text(body, 'uuid'),
    dfiqId: text(body, 'dfiq_id'),
    displayName: text(body, 'display_name'),
  }
  const made = await inWords(call.services.scenarios.create(call.principal, call.sketch.id, choice), {
    ...SCENARIO_WORDS,
    'scenario-template-not-found': [
      404,
      `No scenario template found matching the provided data: ${pythonJson({ ...body }).slice(0, 500)}`,
    ],
  })
  return sendJson(c, one(marshalScenario(made)))
}

async function get(c: AppContext, call: SketchCall): Promise<Response> {
  return sendJson(c, one(marshalScenario(await find(c, call))))
}

async function rename(c: AppContext, call: SketchCall): Promise<Response> {
  const displayName = text(await readBody(c), 'scenario_name')
  const id = pathId(c, 'scenarioId')
  const changed = await inWords(
    call.services.scenarios.update(call.principal, call.sketch.id, id, displayName ? { displayName } : {}),
    SCENARIO_WORDS,
  )
  return sendJson(c, one(marshalScenario(changed)))
}

async function setStatus(c: AppContext, call: SketchCall): Promise<Response> {
  const id = pathId(c, 'scenarioId')
  const status = text(await readBody(c), 'status') || abort(400, 'The status of the scenario is missing.')
  const changed = await inWords(
    call.services.scenarios.update(call.principal, call.sketch.id, id, { status }),
    SCENARIO_WORDS,
  )
  return sendJson(c, one(marshalScenario(changed)))
}

async function listFacets(c: AppContext, call: SketchCall): Promise<Response> {
  return sendJson(c, nested((await find(c, call)).facets.map(marshalFacet)))
}

async function listQuestions(c: AppContext, call: SketchCall): Promise<Response> {
  const scenarioId = pathId(c, 'scenarioId')
  const questions = await inWords(
    call.services.scenarios.listQuestions(call.principal, call.sketch.id, { scenarioId }),
    SCENARIO_WORDS,
  )
  // Unlike every other list, none is a list with an empty list in it.
  return sendJson(c, one(questions.map(marshalQuestion)))
}

async function listFacetQuestions(c: AppContext, call: SketchCall): Promise<Response> {
  const scenario = await find(c, call)
  const facet = scenario.facets.find((known) => known.id === pathId(c, 'facetId'))
  if (!facet) abort(404, 'No facet found with this ID')
  return sendJson(c, nested(facet.questions.map(marshalQuestion)))
}

async function find(c: AppContext, call: SketchCall) {
  const id = pathId(c, 'scenarioId')
  return await inWords(call.services.scenarios.get(call.principal, call.sketch.id, id), SCENARIO_WORDS)
}
