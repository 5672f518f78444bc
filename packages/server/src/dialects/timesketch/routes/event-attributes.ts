import type { AppContext, SketchCall } from '../../../http/app-types.ts'
import { abort } from '../errors.ts'
import { allowedIndexes, EVENTS_BODY_BYTES, readEventRefs, writtenIndex } from '../event-refs.ts'
import { sendJson } from '../reply.ts'
import { asObject, readBody } from '../request.ts'
import type { TimesketchRouter } from '../router.ts'
import { flat } from '../wire/envelope.ts'

const MAX_EVENTS = 100_000
const MAX_ATTRIBUTES = 10
/** Errors that are told; the rest is counted. */
const TOLD_ERRORS = 10

/** `…/event/attributes/` (Timesketch 20261014: api/v1/resources/event.py). */
export function routeEventAttributes(router: TimesketchRouter): void {
  router.sketch('POST', '/sketches/:sketchId/event/attributes/', 'write', addAttributes, {
    maxBodyBytes: EVENTS_BODY_BYTES,
  })
}

async function addAttributes(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  if (body['events'] === undefined) abort(400, 'Request must contain an events field.')
  if (!Array.isArray(body['events'])) abort(400, 'Events field must be a list.')
  if (body['events'].length > MAX_EVENTS) {
    abort(400, 'Request exceeds maximum events to process 100000')
  }
  const refs = readEventRefs(body['events'], 'Event missing field _id.')
  const allowed = await allowedIndexes(call)
  const items: { eventId: string; name: string; value: unknown }[] = []
  const perIndex = new Map<string, number>()
  for (const ref of refs) {
    if (ref.indexName === undefined || !allowed.has(ref.indexName)) {
      abort(403, `Search index ID (${writtenIndex(ref)}) does not belong to the sketch`)
    }
    const attributes = ref.body['attributes']
    if (!Array.isArray(attributes)) abort(400, 'Attributes must be a list.')
    if (attributes.length > MAX_ATTRIBUTES) abort(400, 'Attributes for event exceeds maximum 10')
    perIndex.set(writtenIndex(ref), 1)
    for (const attribute of attributes) {
      const pair = asObject(attribute)
      for (const field of ['attr_name', 'attr_value']) {
        if (!pair || !(field in pair)) abort(400, `Attribute missing field ${field}.`)
      }
      items.push({ eventId: ref.id, name: String(pair!['attr_name']), value: pair!['attr_value'] })
    }
  }
  const outcome = await call.services.marks.addAttributes(call.principal, call.sketch.id, items)
  const errors = outcome.errors.map(describe)
  return sendJson(
    c,
    flat([], {
      attributes_added: outcome.added,
      events_modified: outcome.eventsChanged,
      chunks_per_index: Object.fromEntries(perIndex),
      error_count: errors.length,
      last_10_errors: errors.slice(-TOLD_ERRORS),
    }),
  )
}

function describe(error: { eventId: string; name: string; reason: string }): string {
  switch (error.reason) {
    case 'reserved-name':
      return `Cannot add '${error.name}' for event_id '${error.eventId}', name not allowed.`
    case 'leading-underscore':
      return `Attribute '${error.name}' for event_id '${error.eventId}' invalid, cannot start with '_'`
    case 'exists':
      return `Attribute '${error.name}' already exists for event_id '${error.eventId}'.`
    default:
      return `Event ID ${error.eventId} not found.`
  }
}
