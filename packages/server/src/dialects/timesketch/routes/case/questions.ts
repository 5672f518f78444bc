import type { AppContext, SketchCall } from '../../../../http/app-types.ts'
import type { QuestionAttribute } from '../../../../services/scenarios/scenario-service.ts'
import { abort, inWords } from '../../errors.ts'
import { sendJson } from '../../reply.ts'
import { asObject, type Body, flag, pathId, readBody, text, whole } from '../../request.ts'
import type { TimesketchRouter } from '../../router.ts'
import { marshalConclusion, marshalQuestion } from '../../wire/case/scenario.ts'
import { nested, one } from '../../wire/envelope.ts'
import { SCENARIO_WORDS } from './scenario-words.ts'

/** `/sketches/<id>/questions/…` with conclusions (Timesketch 20261014: api/v1/resources/scenarios.py). */
export function routeQuestions(router: TimesketchRouter): void {
  const path = '/sketches/:sketchId/questions/'
  router.sketch('GET', path, 'read', list)
  router.sketch('POST', path, 'write', ask)
  router.sketch('GET', `${path}:questionId/`, 'read', get)
  router.sketch('POST', `${path}:questionId/`, 'write', update)
  router.sketch('GET', `${path}:questionId/conclusions/`, 'read', listConclusions)
  router.sketch('POST', `${path}:questionId/conclusions/`, 'write', conclude)
  router.sketch('PUT', `${path}:questionId/conclusions/:conclusionId/`, 'write', updateConclusion)
  router.sketch('DELETE', `${path}:questionId/conclusions/:conclusionId/`, 'write', deleteConclusion)
}

async function list(c: AppContext, call: SketchCall): Promise<Response> {
  const questions = await call.services.scenarios.listQuestions(call.principal, call.sketch.id, {})
  return sendJson(c, nested(questions.map(marshalQuestion)))
}

async function ask(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const question = await inWords(
    call.services.scenarios.ask(call.principal, call.sketch.id, {
      uuid: text(body, 'uuid'),
      dfiqId: text(body, 'template_id'),
      text: text(body, 'question_text'),
      scenarioId: whole(body, 'scenario_id'),
      facetId: whole(body, 'facet_id'),
    }),
    SCENARIO_WORDS,
  )
  return sendJson(c, one(marshalQuestion(question)))
}

async function get(c: AppContext, call: SketchCall): Promise<Response> {
  return sendJson(c, one(marshalQuestion(await find(c, call))))
}

async function update(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const attributes = readAttributes(body)
  const changed = await inWords(
    call.services.scenarios.updateQuestion(call.principal, call.sketch.id, pathId(c, 'questionId'), {
      name: text(body, 'name') || undefined,
      displayName: text(body, 'display_name') || undefined,
      description: text(body, 'description') || undefined,
      status: text(body, 'status') || undefined,
      priority: text(body, 'priority') || undefined,
      attributes,
    }),
    SCENARIO_WORDS,
  )
  return sendJson(c, one(marshalQuestion(changed)))
}

function readAttributes(body: Body): readonly QuestionAttribute[] | undefined {
  const entries = body['attributes']
  if (!Array.isArray(entries)) return undefined
  return entries.flatMap((entry) => {
    const attribute = asObject(entry) ?? abort(400, 'The attributes of a question are a list of objects.')
    const name = text(attribute, 'name')
    const value = attribute['value']
    if (!name || value === undefined || value === null || value === '') return []
    return [
      {
        name,
        value: typeof value === 'string' ? value : JSON.stringify(value),
        ontology: text(attribute, 'ontology') ?? '',
        description: text(attribute, 'description') ?? '',
      },
    ]
  })
}

async function listConclusions(c: AppContext, call: SketchCall): Promise<Response> {
  const { conclusions } = await find(c, call)
  return sendJson(c, nested(conclusions.map((known) => marshalConclusion(known, call.sketch.id))))
}

async function conclude(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const { question, conclusionId } = await inWords(
    call.services.scenarios.conclude(call.principal, call.sketch.id, pathId(c, 'questionId'), {
      text: text(body, 'conclusionText') ?? '',
      isAutomated: flag(body, 'automated'),
    }),
    SCENARIO_WORDS,
  )
  return sendJson(c, one(marshalQuestion(question), { new_conclusion_id: conclusionId }))
}

async function updateConclusion(c: AppContext, call: SketchCall): Promise<Response> {
  const conclusion = text(await readBody(c), 'conclusionText') ?? ''
  const question = await inWords(
    call.services.scenarios.updateConclusion(
      call.principal,
      call.sketch.id,
      pathId(c, 'questionId'),
      pathId(c, 'conclusionId'),
      conclusion,
    ),
    SCENARIO_WORDS,
  )
  return sendJson(c, one(marshalQuestion(question)))
}

async function deleteConclusion(c: AppContext, call: SketchCall): Promise<Response> {
  const question = await inWords(
    call.services.scenarios.deleteConclusion(
      call.principal,
      call.sketch.id,
      pathId(c, 'questionId'),
      pathId(c, 'conclusionId'),
    ),
    SCENARIO_WORDS,
  )
  return sendJson(c, one(marshalQuestion(question)))
}

async function find(c: AppContext, call: SketchCall) {
  const id = pathId(c, 'questionId')
  return await inWords(
    call.services.scenarios.getQuestion(call.principal, call.sketch.id, id),
    SCENARIO_WORDS,
  )
}
