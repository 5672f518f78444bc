import type { AppContext, SketchCall, UserCall } from '../../../http/app-types.ts'
import type { Sketch } from '../../../services/sketches/sketch-service.ts'
import { abort, inWords } from '../errors.ts'
import { sendDone, sendJson } from '../reply.ts'
import { pathId, queryFlag, readBody, text, texts } from '../request.ts'
import type { TimesketchRouter } from '../router.ts'
import { readSketchMeta } from '../sketch-meta.ts'
import { readSketchParts, sketchEnvelope } from '../sketch-parts.ts'
import { modelDate } from '../wire/dates.ts'
import { one } from '../wire/envelope.ts'
import { marshalRestrictedSketch, marshalSketch } from '../wire/sketch.ts'
import { requireSketchName } from './sketches.ts'

/** `/sketches/<id>/` (Timesketch 20261014: api/v1/resources/sketch.py). */
export function routeSketch(router: TimesketchRouter): void {
  router.user('GET', '/sketches/:sketchId/', getSketch)
  router.sketch('POST', '/sketches/:sketchId/', 'write', modifySketch)
  router.user('DELETE', '/sketches/:sketchId/', deleteSketch)
  router.sketch('GET', '/sketches/:sketchId/count/', 'read', countEvents)
}

async function getSketch(c: AppContext, call: UserCall): Promise<Response> {
  const { services, principal } = call
  const sketchId = pathId(c, 'sketchId')
  const sketch = await services.sketches.find(sketchId)
  if (principal.isAdmin && sketch) {
    const permissions = await services.access.sketchPermissions(principal, sketchId)
    if (sketch.status === 'deleted' || !permissions.read) {
      return sendRestricted(c, call, sketch, permissions.read)
    }
  }
  const readable = await services.access.requireSketch(principal, sketchId, 'read')
  const parts = await readSketchParts(services, principal, readable)
  const meta = await readSketchMeta(call, readable, parts)
  return sendJson(c, one(marshalSketch(readable, parts), meta))
}

async function sendRestricted(
  c: AppContext,
  call: UserCall,
  sketch: Sketch,
  canRead: boolean,
): Promise<Response> {
  const { services, principal } = call
  const [grants, activity, timelines] = await Promise.all([
    services.access.sketchGrants(sketch.id),
    services.sketches.lastActivity([sketch.id]),
    services.timelines.listActive(sketch.id),
  ])
  const at = activity.get(sketch.id)
  return sendJson(
    c,
    one(marshalRestrictedSketch(sketch, { caller: principal.username, timelines, grants, canRead }), {
      current_user: principal.username,
      last_activity: at === undefined ? '' : modelDate(at),
    }),
  )
}

async function modifySketch(c: AppContext, call: SketchCall): Promise<Response> {
  const { services, principal, sketch } = call
  const body = await readBody(c)
  const name = text(body, 'name')
  const description = text(body, 'description')
  const labels = texts(body, 'labels') ?? []
  const action = body['label_action'] ?? 'add'
  if (labels.length > 0 && action !== 'add' && action !== 'remove') {
    abort(400, `Label actions needs to be either 'add' or 'remove', not [${String(action)}]`)
  }
  if (name) requireSketchName(name)
  let changed = sketch
  if (name || description) {
    changed = await services.sketches.update(principal, sketch.id, {
      ...(name ? { name } : {}),
      ...(description ? { description } : {}),
    })
  }
  if (labels.length > 0) {
    const change = action === 'add' ? 'addLabels' : 'removeLabels'
    changed = await services.sketches[change](principal, sketch.id, labels)
  }
  return sendJson(c, await sketchEnvelope(services, principal, changed), 201)
}

async function deleteSketch(c: AppContext, call: UserCall): Promise<Response> {
  const sketchId = pathId(c, 'sketchId')
  const force = queryFlag(c, 'force')
  await inWords(call.services.sketches.delete(call.principal, sketchId, { force }), {
    'no-delete-permission': [
      403,
      `User does not have sufficient access rights to delete sketch ${sketchId}.`,
    ],
    'protected-label': [
      403,
      (error) => `Sketch with the label [${String(error.details['label'])}] cannot be deleted.`,
    ],
    'force-needs-admin': [403, 'Sketch cannot be deleted. User is not an admin'],
    'already-archived': [400, 'Unable to delete a sketch that is already archived.'],
    'sketch-archived': [400, 'Unable to delete a sketch that is already archived.'],
    'still-processing': [400, 'Cannot delete sketch: one or more timelines are still processing.'],
  })
  return sendDone(c)
}

async function countEvents(c: AppContext, call: SketchCall): Promise<Response> {
  const timelines = await call.services.timelines.listActive(call.sketch.id)
  const size = await call.services.timelines.size(timelines)
  return sendJson(c, { meta: { count: size.eventCount, bytes: size.sizeBytes }, objects: [] })
}
