import type { AppContext, SketchCall } from '../../../http/app-types.ts'
import { readInTurns } from '../../../services/read-in-turns.ts'
import { factLabel } from '../../../services/scenarios/scenario-service.ts'
import { abort, inWords } from '../errors.ts'
import {
  allowedIndexes,
  EVENTS_BODY_BYTES,
  type EventRef,
  readEventRefs,
  writtenIndex,
} from '../event-refs.ts'
import { sendDone, sendJson } from '../reply.ts'
import {
  asObject,
  type Body,
  flag,
  object,
  queryInt,
  readBody,
  requireQuery,
  text,
  whole,
} from '../request.ts'
import type { TimesketchRouter } from '../router.ts'
import { marshalComment } from '../wire/comment.ts'
import { modelDate } from '../wire/dates.ts'
import { nested } from '../wire/envelope.ts'
import { marshalUser } from '../wire/user.ts'

/** Labels with these in their names are switched on and off; others only added. */
const TOGGLED = ['__ts_star', '__ts_hidden', '__ts_fact']

/** `…/event/annotate/` (Timesketch 20261014: api/v1/resources/event.py). */
export function routeAnnotate(router: TimesketchRouter): void {
  const path = '/sketches/:sketchId/event/annotate/'
  router.sketch('POST', path, 'write', annotate, { maxBodyBytes: EVENTS_BODY_BYTES })
  router.sketch('PUT', path, 'write', editComment)
  router.sketch('DELETE', path, 'write', deleteComment)
}

async function annotate(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const annotation = text(body, 'annotation')
  const type = text(body, 'annotation_type')
  if (!annotation || !type || !body['events']) abort(400, 'Unable to validate form data.')
  const refs = await readRefs(call, body)
  const ids = [...new Set(refs.map((ref) => ref.id))]
  let objects: unknown[]
  if (type.includes('comment')) objects = await addComments(call, ids, annotation)
  else if (type.includes('label')) objects = await setLabel(call, ids, annotation, body)
  else abort(400, `Annotation type needs to be either label or comment, not ${type}`)
  const nodeId = whole(body, 'current_search_node_id')
  if (nodeId)
    await call.services.searchHistory.addLabel(call.principal, nodeId, labelOfNode(type, annotation))
  return sendJson(c, nested(objects), 201)
}

/** The events of a request: one object or a list; every index must be the sketch's, and every event be there. */
async function readRefs(call: SketchCall, body: Body): Promise<EventRef[]> {
  const events = Array.isArray(body['events']) ? body['events'] : [body['events']]
  const refs = readEventRefs(events, 'Events need to have a [_id] field associated to it.')
  const allowed = await allowedIndexes(call)
  for (const ref of refs) {
    if (ref.indexName !== undefined && !allowed.has(ref.indexName)) {
      abort(400, `Search index ID (${writtenIndex(ref)}) does not belong to the list of indices`)
    }
  }
  const { explore } = call.services
  const found = await readInTurns(
    refs.map((ref) => ref.id),
    (ids) => explore.getEvents(call.principal, call.sketch.id, ids, { isStep: true }),
    call.signal,
  )
  const missing = refs.find((_, at) => found[at] === undefined)
  if (missing) abort(404, `Event with ID [${missing.id}] not found in the specified sketch context.`)
  return refs
}

async function addComments(call: SketchCall, ids: readonly string[], comment: string): Promise<unknown[]> {
  const { comments } = await call.services.marks.addComment(call.principal, call.sketch.id, ids, comment)
  const user = await call.services.users.get(call.principal.userId)
  return comments.map((made) => marshalComment(made, user))
}

async function setLabel(
  call: SketchCall,
  ids: readonly string[],
  label: string,
  body: Body,
): Promise<unknown[]> {
  const { marks, users } = call.services
  const conclusionId = whole(body, 'conclusion_id')
  const isFact = label === '__ts_fact' && conclusionId !== undefined && conclusionId !== 0
  // What is left of one that is gone can be taken off.
  if (isFact && !flag(body, 'remove'))
    await inWords(call.services.scenarios.requireConclusion(call.principal, call.sketch.id, conclusionId), {
      'conclusion-not-found': [404, 'No conclusion found with this ID'],
    })
  const name = isFact ? factLabel(conclusionId) : label
  if (flag(body, 'remove')) await marks.removeLabel(call.principal, call.sketch.id, name, { ids })
  else if (TOGGLED.some((part) => name.includes(part))) {
    await marks.toggleLabel(call.principal, call.sketch.id, name, ids)
  } else await marks.addLabel(call.principal, call.sketch.id, name, { ids })
  const user = marshalUser(await users.get(call.principal.userId))
  const at = modelDate(Date.now())
  return ids.map(() => ({ name, user, created_at: at, updated_at: at }))
}

/** What the history's node is marked with. */
function labelOfNode(type: string, annotation: string): string {
  return type.includes('comment')
    ? '__ts_comment'
    : annotation.includes('__ts_star')
      ? '__ts_star'
      : '__ts_label'
}

async function editComment(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const annotation = object(body, 'annotation') ?? parseAnnotation(body['annotation'])
  const id = annotation && whole(annotation, 'id')
  const comment = annotation && text(annotation, 'comment')
  if (!id || comment === undefined || !text(body, 'annotation_type')?.includes('comment')) {
    abort(400, 'Unable to validate form data.')
  }
  const changed = await inWords(
    call.services.marks.updateComment(call.principal, call.sketch.id, id, comment),
    commentWords(id),
  )
  const user = await call.services.users.get(changed.userId)
  return sendJson(c, nested([marshalComment(changed, user)]))
}

/** The web page sends the annotation as JSON text. */
function parseAnnotation(value: unknown): Body | undefined {
  if (typeof value !== 'string') return undefined
  try {
    return asObject(JSON.parse(value))
  } catch {
    return abort(400, 'Unable to validate form data.')
  }
}

async function deleteComment(c: AppContext, call: SketchCall): Promise<Response> {
  const type = requireQuery(c, 'annotation_type')
  requireQuery(c, 'event_id')
  requireQuery(c, 'searchindex_id')
  requireQuery(c, 'annotation_id')
  const id = queryInt(c, 'annotation_id', 0)
  if (!type.includes('comment')) {
    abort(400, `Annotation type needs to be comment to be deleted, not ${type}`)
  }
  await inWords(call.services.marks.deleteComment(call.principal, call.sketch.id, id), commentWords(id))
  return sendDone(c)
}

function commentWords(id: number): Readonly<Record<string, readonly [number, string]>> {
  return {
    'comment-not-found': [404, `No comment found with this id: ${id}.`],
    'not-own-comment': [403, 'User is not owner of the comment.'],
  }
}
