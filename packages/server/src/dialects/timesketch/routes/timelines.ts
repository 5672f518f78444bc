import type { AppContext, SketchCall, UserCall } from '../../../http/app-types.ts'
import { isNameTooLong } from '../../../services/names.ts'
import type { Timeline } from '../../../services/timelines/timeline-service.ts'
import { abort, inWords } from '../errors.ts'
import { sendDone, sendJson } from '../reply.ts'
import { pathId, readBody, text, whole } from '../request.ts'
import { noteActivity, type TimesketchRouter } from '../router.ts'
import { nested, one } from '../wire/envelope.ts'
import { marshalTimeline } from '../wire/timeline.ts'

/** Fields that the list of a timeline's fields leaves out. */
const OWN_FIELDS: ReadonlySet<string> = new Set(['datetime', 'timestamp', '__ts_timeline_id'])

/** `/sketches/<id>/timelines/…` (Timesketch 20261014: api/v1/resources/timeline.py). */
export function routeTimelines(router: TimesketchRouter): void {
  router.sketch('GET', '/sketches/:sketchId/timelines/', 'read', listTimelines)
  router.sketch('POST', '/sketches/:sketchId/timelines/', 'write', addTimeline)
  router.sketch('GET', '/sketches/:sketchId/timelines/:timelineId/', 'read', getTimeline)
  router.sketch('POST', '/sketches/:sketchId/timelines/:timelineId/', 'write', modifyTimeline)
  router.user('DELETE', '/sketches/:sketchId/timelines/:timelineId/', deleteTimeline)
  router.sketch('GET', '/sketches/:sketchId/timelines/:timelineId/fields/', 'read', listFields)
}

async function listTimelines(c: AppContext, call: SketchCall): Promise<Response> {
  const timelines = await call.services.timelines.list(call.principal, call.sketch.id)
  return sendJson(c, nested(timelines.map(marshalTimeline)))
}

async function addTimeline(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const searchIndexId = whole(body, 'timeline')
  if (searchIndexId === undefined) abort(400, 'The timeline (searchindex id) needs to be an integer.')
  const searchIndex = await call.services.searchIndexes.get(call.principal, searchIndexId)
  if (searchIndex.status === 'deleted') abort(400, 'Unable to create a timeline using a deleted search index')
  const name = text(body, 'timeline_name')
  const { timeline, created } = await call.services.timelines.attach(call.principal, call.sketch.id, {
    searchIndexId,
    ...(name ? { name } : {}),
  })
  return sendJson(c, one(marshalTimeline(timeline), { created }), created ? 201 : 200)
}

const NO_TIMELINE = 'No Timeline found with this ID.'

/** The timeline in the path. @throws {WireError} 404 in the words that tell why it is not there. */
async function requireTimeline(c: AppContext, call: SketchCall): Promise<Timeline> {
  const timelineId = pathId(c, 'timelineId')
  const found = await call.services.timelines.find(timelineId)
  if (!found) abort(404, NO_TIMELINE)
  if (found.sketchId === undefined || found.status === 'deleted') {
    abort(404, `The timeline ${timelineId} does not have an associated sketch, does it belong to a sketch?`)
  }
  if (found.sketchId !== call.sketch.id) {
    const { read } = await call.services.access.sketchPermissions(call.principal, found.sketchId)
    // Who may not know of that sketch learns nothing of its timelines either.
    if (!read) abort(404, NO_TIMELINE)
    abort(
      404,
      `The sketch ID (${found.sketchId}) does not match with the timeline sketch ID (${call.sketch.id})`,
    )
  }
  return found
}

async function getTimeline(c: AppContext, call: SketchCall): Promise<Response> {
  const timeline = await requireTimeline(c, call)
  const stats = await call.services.timelines.stats([timeline])
  const lines = timeline.status === 'fail' ? null : (stats.get(timeline.id)?.eventCount ?? 0)
  return sendJson(c, one(marshalTimeline(timeline), { lines_indexed: lines }))
}

async function modifyTimeline(c: AppContext, call: SketchCall): Promise<Response> {
  const timeline = await requireTimeline(c, call)
  const body = await readBody(c)
  const name = text(body, 'name')
  const color = text(body, 'color')
  if (!name || isNameTooLong(name) || !color || !/^[0-9a-fA-F]{6}$/.test(color)) {
    abort(400, 'Unable to validate form data.')
  }
  const labels = readLabels(text(body, 'labels'))
  if (labels.length > 0) {
    const action = text(body, 'label_action')
    if (action !== 'add' && action !== 'remove') {
      abort(400, `Label actions needs to be either 'add' or 'remove', not [${action}]`)
    }
    const change = action === 'add' ? 'addLabels' : 'removeLabels'
    const { changed } = await call.services.timelines[change](
      call.principal,
      call.sketch.id,
      timeline.id,
      labels,
    )
    if (!changed) abort(400, `Label [${labels.join(', ')}] not ${action}`)
    return sendDone(c)
  }
  await call.services.timelines.update(call.principal, call.sketch.id, timeline.id, {
    name,
    color,
    description: text(body, 'description') ?? '',
  })
  return sendDone(c)
}

/** Labels come as the JSON text of a list. */
function readLabels(labels: string | undefined): string[] {
  if (!labels) return []
  let value: unknown
  try {
    value = JSON.parse(labels)
  } catch {
    abort(400, 'Unable to read the labels: expected the JSON text of a list.')
  }
  if (!Array.isArray(value) || value.some((label) => typeof label !== 'string')) {
    abort(400, 'Label needs to be a list of strings')
  }
  return value
}

async function deleteTimeline(c: AppContext, call: UserCall): Promise<Response> {
  const sketchId = pathId(c, 'sketchId')
  const timelineId = pathId(c, 'timelineId')
  await inWords(call.services.timelines.delete(call.principal, sketchId, timelineId), {
    'no-write-permission': [
      403,
      `User does not have write permission on sketch ${sketchId} to remove timeline ${timelineId}.`,
    ],
    'protected-label': [
      403,
      (error) => `Timelines with label [${String(error.details['label'])}] cannot be deleted.`,
    ],
    'timeline-not-found': [404, 'No Timeline found with this ID.'],
  })
  await noteActivity(call, sketchId)
  return sendDone(c)
}

async function listFields(c: AppContext, call: SketchCall): Promise<Response> {
  const timeline = await requireTimeline(c, call)
  const fields = await call.services.explore.fields(call.principal, call.sketch.id, {
    entries: [timeline.id],
  })
  const names = fields.map((field) => field.name).filter((name) => !OWN_FIELDS.has(name))
  return sendJson(c, { objects: names.sort() })
}
