import { isDomainError } from '../../../../errors/domain-error.ts'
import type { AppContext, SketchCall, UserCall } from '../../../../http/app-types.ts'
import { parseJson } from '../../../../json/read-json.ts'
import { runAggregator } from '../../aggregate/run-aggregator.ts'
import { runAggregationDsl } from '../../aggregate/run-dsl.ts'
import { abort } from '../../errors.ts'
import { sendJson } from '../../reply.ts'
import { asObject, type Body, flag, readBody, text } from '../../request.ts'
import type { TimesketchRouter } from '../../router.ts'
import { LISTED_AGGREGATORS, marshalAggregatorInfo } from '../../wire/case/aggregator-info.ts'
import { one } from '../../wire/envelope.ts'

/** `/aggregation/info/` and `/sketches/<id>/aggregation/explore/` (Timesketch 20261014: api/v1/resources/aggregation.py). */
export function routeAggregation(router: TimesketchRouter): void {
  router.user('GET', '/aggregation/info/', (c) => sendJson(c, LISTED_AGGREGATORS.map(marshalAggregatorInfo)))
  router.user('POST', '/aggregation/info/', aggregatorInfo, { keyScope: 'read' })
  router.sketch('POST', '/sketches/:sketchId/aggregation/explore/', 'read', aggregate)
}

async function aggregatorInfo(c: AppContext, _call: UserCall): Promise<Response> {
  const name = text(await readBody(c), 'aggregator')
  const found = LISTED_AGGREGATORS.find((aggregator) => aggregator.name === name?.toLowerCase())
  if (!found) abort(404, name ? `There is no aggregator ${name}.` : 'The name of an aggregator is missing.')
  return sendJson(c, marshalAggregatorInfo(found))
}

async function aggregate(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  if (call.sketch.status === 'archived') {
    abort(400, 'Not able to run aggregation on an archived sketch.')
  }
  const name = text(body, 'aggregator_name')
  const dsl = readObject(body['aggregation_dsl'])
  if (!name && !dsl) {
    abort(400, 'An aggregation DSL or a name for an aggregator name needs to be provided!')
  }
  try {
    if (!name) return sendJson(c, await runAggregationDsl(call, dsl!))
    const parameters = readObject(body['aggregator_parameters']) ?? Object.create(null)
    const includeProcessing = flag(body, 'include_processing_timelines')
    const { meta, result } = await runAggregator(call, name, parameters, { includeProcessing })
    return sendJson(c, one({ [String(meta['name'])]: result }, meta))
  } catch (error) {
    if (isDomainError(error) && error.code === 'no-timelines') abort(404, 'No indices to aggregate on found.')
    throw error
  }
}

/** An object, or JSON text of one. */
function readObject(value: unknown): Body | undefined {
  if (!value) return undefined
  if (typeof value !== 'string') return asObject(value)
  try {
    return asObject(parseJson(value))
  } catch (error) {
    if (isDomainError(error)) throw error
    return abort(400, 'Unable to run the aggregation, with error: expected JSON text of an object.')
  }
}
