import type { AppContext, UserCall } from '../../../http/app-types.ts'
import { noteExport } from '../../../http/note-export.ts'
import type { Sketch } from '../../../services/sketches/sketch-service.ts'
import { abort, inWords } from '../errors.ts'
import { sendJson, sendZip } from '../reply.ts'
import { pathId, readBody } from '../request.ts'
import type { TimesketchRouter } from '../router.ts'
import { zipStream } from '../search/result-zip.ts'
import { sketchExportEntries } from '../search/sketch-export.ts'
import { flat } from '../wire/envelope.ts'

/** `/sketches/<id>/archive/` (Timesketch 20261014: api/v1/resources/archive.py). */
export function routeArchive(router: TimesketchRouter): void {
  router.user('GET', '/sketches/:sketchId/archive/', getArchive)
  router.user('POST', '/sketches/:sketchId/archive/', postArchive)
}

/** The sketch, open to its readers and to administrators. */
async function requireSeen(c: AppContext, call: UserCall): Promise<Sketch> {
  const sketchId = pathId(c, 'sketchId')
  if (call.principal.isAdmin) {
    const sketch = await call.services.sketches.find(sketchId)
    if (sketch && sketch.status !== 'deleted') return sketch
  }
  return call.services.access.requireSketch(call.principal, sketchId, 'read')
}

async function getArchive(c: AppContext, call: UserCall): Promise<Response> {
  const sketch = await requireSeen(c, call)
  const isArchived = sketch.status === 'archived'
  const permissions = await call.services.access.sketchPermissions(call.principal, sketch.id)
  const timelines = permissions.read ? await call.services.timelines.list(call.principal, sketch.id) : []
  return sendJson(
    c,
    flat([], {
      is_archived: isArchived,
      sketch_id: sketch.id,
      sketch_name: sketch.name,
      timelines: Object.fromEntries(
        timelines.map((timeline) => [timeline.searchIndex.indexName, timeline.status === 'archived']),
      ),
    }),
  )
}

async function postArchive(c: AppContext, call: UserCall): Promise<Response> {
  const sketch = await requireSeen(c, call)
  const action = (await readBody(c))['action']
  switch (action) {
    case 'archive':
      return archive(c, call, sketch)
    case 'unarchive':
      return unarchive(c, call, sketch)
    case 'export':
      return exportSketch(c, call, sketch)
    default:
      return abort(404, `The action: [${String(action)}] is not supported.`)
  }
}

const NO_DELETE = [403, 'User does not have sufficient access rights to delete a sketch.'] as const

async function archive(c: AppContext, call: UserCall, sketch: Sketch): Promise<Response> {
  const id = sketch.id
  await inWords(call.services.sketches.archive(call.principal, id), {
    'no-delete-permission': NO_DELETE,
    'already-archived': [400, `Sketch ${id} is already archived.`],
    'sketch-archived': [400, `Sketch ${id} is already archived.`],
    'protected-label': [
      403,
      (error) => `Sketch ${id} has label '${String(error.details['label'])}' and cannot be archived.`,
    ],
    'timeline-not-archivable': [
      400,
      ({ details }) => {
        const status = String(details['status'])
        const advice = status === 'processing' ? '' : ' Please delete this timeline and try again.'
        return `Cannot archive sketch ${id}. Timeline  (ID: ${String(details['timelineId'])}) is in a non-archivable state: '${status}'. Timeline name: ${String(details['timelineName'])}${advice}`
      },
    ],
  })
  return sendJson(c, { message: `Sketch ${id} has been archived.` })
}

async function unarchive(c: AppContext, call: UserCall, sketch: Sketch): Promise<Response> {
  await inWords(call.services.sketches.unarchive(call.principal, sketch.id), {
    'no-delete-permission': NO_DELETE,
    'not-archived': [400, `Unable to unarchive a sketch that wasn't already archived (sketch: ${sketch.id})`],
  })
  return sendJson(c, { message: `Sketch ${sketch.id} has been unarchived.` })
}

async function exportSketch(c: AppContext, call: UserCall, sketch: Sketch): Promise<Response> {
  await call.services.access.requireSketch(call.principal, sketch.id, 'read')
  await noteExport(call, sketch.id, { format: 'zip', what: 'sketch' })
  return sendZip(c, await zipStream(call, sketchExportEntries(call, sketch)), 'timesketch_export.zip')
}
