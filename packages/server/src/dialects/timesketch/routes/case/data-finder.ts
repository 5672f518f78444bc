import type { AppContext, SketchCall } from '../../../../http/app-types.ts'
import { abort } from '../../errors.ts'
import { sendJson } from '../../reply.ts'
import { asObject, readBody, text } from '../../request.ts'
import type { TimesketchRouter } from '../../router.ts'
import { flat } from '../../wire/envelope.ts'

/** `/sketches/<id>/data/find/` (Timesketch 20261014: api/v1/resources/datafinder.py). */
export function routeDataFinder(router: TimesketchRouter): void {
  router.sketch('POST', '/sketches/:sketchId/data/find/', 'read', find)
}

async function find(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  if (call.sketch.status === 'archived')
    abort(400, 'Unable to search for data sources from an archived sketch.')
  const startDate = text(body, 'start_date') || abort(400, 'Need a start date for discovering data.')
  const endDate = text(body, 'end_date') || abort(400, 'Need an end date for discovering data.')
  const ruleNames = body['rule_names']
  if (!ruleNames || (Array.isArray(ruleNames) && ruleNames.length === 0))
    abort(400, 'Need a list of rule names to be able to start the data discovery.')
  if (!Array.isArray(ruleNames)) abort(400, 'Rule names needs to a list')
  if (ruleNames.some((name) => typeof name !== 'string'))
    abort(400, 'Rule names needs to be a list of string values.')
  const parameters = body['parameters']
  if (parameters && !asObject(parameters)) abort(400, 'If parameters are provided, it needs to be a dict.')
  const ids = body['timeline_ids']
  const findings = await call.services.dataFinder.find(call.principal, call.sketch.id, {
    ruleNames,
    startDate,
    endDate,
    timelineIds: Array.isArray(ids) ? ids.filter((id) => typeof id === 'number') : [],
    parameters: asObject(parameters) ?? {},
    signal: call.signal,
  })
  return sendJson(
    c,
    flat(
      findings.map(([name, finding]) => ({ [name]: finding })),
      { rules: ruleNames },
    ),
  )
}
