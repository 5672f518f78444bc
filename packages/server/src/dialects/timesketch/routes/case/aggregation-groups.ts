import { type ChartOrientation, combineCharts } from '@timeskein/analyze'
import type { AppContext, SketchCall } from '../../../../http/app-types.ts'
import type { AggregationGroupInput } from '../../../../services/aggregations/aggregation-service.ts'
import { runSavedAggregation } from '../../aggregate/run-aggregator.ts'
import { abort, inWords } from '../../errors.ts'
import { sendDone, sendJson } from '../../reply.ts'
import { type Body, pathId, readBody, text, whole } from '../../request.ts'
import type { TimesketchRouter } from '../../router.ts'
import { marshalAggregationGroup, marshalGroupLine } from '../../wire/case/aggregation.ts'
import { flat, one } from '../../wire/envelope.ts'
import { readJsonList } from './json-list.ts'

/** `/sketches/<id>/aggregation/group/…`: aggregations that are drawn as one (Timesketch 20261014: api/v1/resources/aggregation.py). */
export function routeAggregationGroups(router: TimesketchRouter): void {
  router.sketch('GET', '/sketches/:sketchId/aggregation/group/', 'read', list)
  router.sketch('POST', '/sketches/:sketchId/aggregation/group/', 'write', create)
  router.sketch('GET', '/sketches/:sketchId/aggregation/group/:groupId/', 'read', run)
  router.sketch('POST', '/sketches/:sketchId/aggregation/group/:groupId/', 'write', update)
  router.sketch('DELETE', '/sketches/:sketchId/aggregation/group/:groupId/', 'write', remove)
}

const WORDS = {
  'aggregation-group-not-found': [404, 'No Group found with this ID.'],
} as const

async function list(c: AppContext, call: SketchCall): Promise<Response> {
  const groups = await call.services.aggregations.listGroups(call.principal, call.sketch.id)
  return sendJson(c, flat(groups.map(marshalGroupLine), { command: 'list_groups' }))
}

async function create(c: AppContext, call: SketchCall): Promise<Response> {
  const input = readInput(await readBody(c))
  const made = await call.services.aggregations.createGroup(call.principal, call.sketch.id, input)
  return sendJson(c, one(marshalAggregationGroup(made)), 201)
}

async function run(c: AppContext, call: SketchCall): Promise<Response> {
  const id = pathId(c, 'groupId')
  const group = await inWords(call.services.aggregations.getGroup(call.principal, call.sketch.id, id), WORDS)
  if (call.sketch.status === 'archived') abort(400, 'Not able to run aggregation on an archived sketch.')
  const runs = []
  for (const member of group.members) runs.push({ member, ...(await runSavedAggregation(call, member)) })
  const charts = runs.flatMap(({ chart }) => (chart ? [chart] : []))
  const chart = combineCharts(charts, group.orientation, group.name)
  const objects = runs.map(({ member, result }, place) => ({
    ...(place === 0 ? { ...marshalAggregationGroup(group), agg_ids: group.members.map(({ id }) => id) } : {}),
    aggregation_result: { [member.name]: result },
  }))
  return sendJson(
    c,
    flat(objects, {
      method: 'aggregator_group',
      chart_type: `compound: ${group.orientation}`,
      name: group.name,
      description: group.description,
      es_time: runs.reduce((sum, { meta }) => sum + Number(meta['es_time']), 0),
      ...(chart ? { vega_spec: chart, vega_chart_title: group.name } : {}),
    }),
  )
}

async function update(c: AppContext, call: SketchCall): Promise<Response> {
  const input = readInput(await readBody(c))
  const id = pathId(c, 'groupId')
  const changed = await inWords(
    call.services.aggregations.updateGroup(call.principal, call.sketch.id, id, input),
    WORDS,
  )
  return sendJson(c, one(marshalAggregationGroup(changed)), 201)
}

async function remove(c: AppContext, call: SketchCall): Promise<Response> {
  const id = pathId(c, 'groupId')
  await inWords(call.services.aggregations.deleteGroup(call.principal, call.sketch.id, id), WORDS)
  return sendDone(c)
}

const ORIENTATIONS: readonly ChartOrientation[] = ['layer', 'horizontal', 'vertical']

function readInput(body: Body): AggregationGroupInput {
  const members = readJsonList(body['aggregations'])
  if (!members?.length) abort(400, 'Unable to create an empty group.')
  const orientation = text(body, 'orientation') || 'layer'
  return {
    name: text(body, 'name') || 'No Group Name',
    description: text(body, 'description') ?? '',
    parametersJson: text(body, 'parameters') ?? '',
    orientation:
      ORIENTATIONS.find((known) => known === orientation) ??
      abort(
        400,
        `The orientation of a group is one of ${ORIENTATIONS.join(', ')}, not [${orientation.slice(0, 100)}].`,
      ),
    savedSearchId: whole(body, 'view_id'),
    members: members.filter((member): member is number => typeof member === 'number'),
  }
}
