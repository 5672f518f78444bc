import { isDomainError } from '../../../../errors/domain-error.ts'
import type { AppContext, SketchCall } from '../../../../http/app-types.ts'
import { parseJson } from '../../../../json/read-json.ts'
import type { AggregationInput } from '../../../../services/aggregations/aggregation-service.ts'
import { abort, inWords } from '../../errors.ts'
import { sendDone, sendJson } from '../../reply.ts'
import { asObject, type Body, pathId, readBody, text, whole } from '../../request.ts'
import type { TimesketchRouter } from '../../router.ts'
import { marshalAggregation } from '../../wire/case/aggregation.ts'
import { nested, one } from '../../wire/envelope.ts'
import { pythonJson } from '../../wire/python-json.ts'
import { readJsonList } from './json-list.ts'

/** `/sketches/<id>/aggregation/…`: aggregations kept under a name (Timesketch 20261014: api/v1/resources/aggregation.py). */
export function routeSavedAggregations(router: TimesketchRouter): void {
  router.sketch('GET', '/sketches/:sketchId/aggregation/', 'read', list)
  router.sketch('POST', '/sketches/:sketchId/aggregation/', 'write', create)
  router.sketch('GET', '/sketches/:sketchId/aggregation/:aggregationId/', 'read', get)
  router.sketch('POST', '/sketches/:sketchId/aggregation/:aggregationId/', 'write', update)
  router.sketch('DELETE', '/sketches/:sketchId/aggregation/:aggregationId/', 'write', remove)
}

const WORDS = {
  'aggregation-not-found': [404, 'No aggregation found with this ID.'],
} as const

async function list(c: AppContext, call: SketchCall): Promise<Response> {
  const aggregations = await call.services.aggregations.list(call.principal, call.sketch.id)
  return sendJson(c, nested(aggregations.map(marshalAggregation)))
}

async function create(c: AppContext, call: SketchCall): Promise<Response> {
  const input = readInput(await readBody(c))
  const made = await call.services.aggregations.create(call.principal, call.sketch.id, input)
  return sendJson(c, one(marshalAggregation(made)), 201)
}

async function get(c: AppContext, call: SketchCall): Promise<Response> {
  const id = pathId(c, 'aggregationId')
  const found = await inWords(call.services.aggregations.get(call.principal, call.sketch.id, id), WORDS)
  return sendJson(c, one(marshalAggregation(found)))
}

async function update(c: AppContext, call: SketchCall): Promise<Response> {
  const input = readInput(await readBody(c))
  const id = pathId(c, 'aggregationId')
  const changed = await inWords(
    call.services.aggregations.update(call.principal, call.sketch.id, id, input),
    WORDS,
  )
  return sendJson(c, one(marshalAggregation(changed)), 201)
}

async function remove(c: AppContext, call: SketchCall): Promise<Response> {
  const id = pathId(c, 'aggregationId')
  await inWords(call.services.aggregations.delete(call.principal, call.sketch.id, id), WORDS)
  return sendDone(c)
}

function readInput(body: Body): AggregationInput {
  const parameters = body['parameters']
  const labels = readJsonList(body['labels'])?.filter((label) => typeof label === 'string')
  return {
    name: text(body, 'name') ?? '',
    description: text(body, 'description') ?? '',
    aggregator:
      text(body, 'agg_type') ||
      abort(400, 'Unable to save an aggregation without the name of its aggregator.'),
    parametersJson:
      typeof parameters === 'string' ? checkJson(parameters) : pythonJson(asObject(parameters) ?? {}),
    chartType: text(body, 'chart_type') ?? '',
    savedSearchId: whole(body, 'view_id'),
    labels,
  }
}

/** Parameters that come as text are kept as text. */
function checkJson(json: string): string {
  if (json === '') return '{}'
  try {
    if (asObject(parseJson(json))) return json
  } catch (error) {
    // What is no JSON is told below, with what is no object.
    if (isDomainError(error)) throw error
  }
  return abort(400, 'Unable to save the aggregation: the parameters need to be an object.')
}
