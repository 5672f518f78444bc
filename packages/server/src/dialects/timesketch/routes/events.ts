import { formatIsoTime } from '@timeskein/model'
import type { AppContext, SketchCall } from '../../../http/app-types.ts'
import { abort } from '../errors.ts'
import { allowedIndexes } from '../event-refs.ts'
import { sendDone, sendJson, sendJsonText } from '../reply.ts'
import { object, queryFlag, readBody, requireQuery, text, whole } from '../request.ts'
import type { TimesketchRouter } from '../router.ts'
import { marshalCommentLine } from '../wire/comment.ts'
import { readWrittenDate, type WrittenDate } from '../wire/date-string.ts'
import { one } from '../wire/envelope.ts'
import { eventText } from '../wire/hit.ts'
import { toIndexName } from '../wire/index-name.ts'
import { marshalTimeline } from '../wire/timeline.ts'

/** Names of attributes that would hide what the event itself says. */
const TAKEN = new Set(['datetime', 'timestamp', 'timestamp_desc', 'message', 'tag'])

/** `/sketches/<id>/event/`, `…/create/`, `…/add_timeline_id/` (Timesketch 20261014: api/v1/resources/event.py). */
export function routeEvents(router: TimesketchRouter): void {
  router.sketch('GET', '/sketches/:sketchId/event/', 'read', getEvent)
  router.sketch('POST', '/sketches/:sketchId/event/create/', 'write', createEvent)
  router.sketch('POST', '/sketches/:sketchId/event/add_timeline_id/', 'write', addTimelineId)
}

async function getEvent(c: AppContext, call: SketchCall): Promise<Response> {
  const writtenIndexName = requireQuery(c, 'searchindex_id')
  const eventId = requireQuery(c, 'event_id')
  const includeProcessing = queryFlag(c, 'include_processing_timelines')
  const indexName = toIndexName(writtenIndexName)
  const searchIndex = await call.services.searchIndexes.findByIndexName(indexName)
  if (!searchIndex) abort(400, 'Search index not found for this event.')
  if (searchIndex.status === 'deleted') abort(400, 'Unable to find the event: its search index was deleted.')
  if (!(await allowedIndexes(call)).has(indexName)) {
    abort(400, `Search index ID (${writtenIndexName}) does not belong to the list of indices`)
  }
  const [view] = await call.services.explore.getEvents(call.principal, call.sketch.id, [eventId], {
    includeProcessing,
  })
  if (!view || view.index !== indexName) {
    abort(404, `Event '${eventId}' not found in index '${writtenIndexName}'.`)
  }
  const comments = await call.services.marks.listComments(call.principal, call.sketch.id, [eventId])
  const meta = JSON.stringify({ comments: comments.map(marshalCommentLine) })
  return sendJsonText(c, `{"meta":${meta},"objects":${eventText(view)}}\n`)
}

async function createEvent(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const attributes = body['attributes'] === undefined ? {} : object(body, 'attributes')
  if (!attributes) abort(400, 'Unable to add an event where the attributes are not a dict object.')
  const tags = body['tag'] ?? []
  if (!Array.isArray(tags) || tags.some((tag) => typeof tag !== 'string')) {
    abort(400, 'Unable to add an event where the tags are not a list of strings.')
  }
  const time = readDate(text(body, 'date_string'))
  const source = new Map<string, unknown>([
    ['datetime', time.text],
    ['timestamp', Number(time.us)],
    ['timestamp_desc', text(body, 'timestamp_desc') ?? 'Event Happened'],
    ['message', text(body, 'message') ?? 'No message string'],
  ])
  for (const [name, value] of Object.entries(attributes)) if (!TAKEN.has(name)) source.set(name, value)
  source.set('tag', tags)
  const event = Object.fromEntries(source)
  const timeline = await call.services.events.create(call.principal, call.sketch.id, {
    timeUs: time.us,
    nanos: time.nanos,
    source: event,
    // From the year 2255 on microseconds need more digits than a double has.
    ...(Number.isSafeInteger(Number(time.us)) ? {} : { text: writeTimestamp(event, time.us) }),
  })
  return sendJson(c, one(marshalTimeline(timeline)), 201)
}

function writeTimestamp(event: Readonly<Record<string, unknown>>, us: bigint): string {
  const members = Object.entries(event).map(
    ([name, value]) => `${JSON.stringify(name)}:${name === 'timestamp' ? us : JSON.stringify(value)}`,
  )
  return `{${members.join(',')}}`
}

/** A date in any spelling; none at all is now. @throws {WireError} 400 when it cannot be read. */
function readDate(date: string | undefined): Extract<WrittenDate, { ok: true }> {
  const nowMs = Date.now()
  if (!date) {
    const us = BigInt(nowMs) * 1000n
    return { ok: true, us, nanos: 0, text: formatIsoTime(us) }
  }
  const result = readWrittenDate(date, nowMs)
  if (result.ok) return result
  abort(
    400,
    `Unable to add event, not able to convert the date string. Was it properly formatted? Error: Unknown string format: ${date}`,
  )
}

/** Our events carry their timeline from the start; only what the request names is checked. */
async function addTimelineId(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const timelineId = whole(body, 'timeline_id')
  if (!timelineId) abort(400, 'The request needs a timeline_id.')
  const searchIndexId = whole(body, 'searchindex_id')
  const name = text(body, 'searchindex_name')
  if (!searchIndexId && !name) abort(400, 'The request needs a searchindex_id or a searchindex_name.')
  const { searchIndexes, timelines } = call.services
  const searchIndex = searchIndexId
    ? await searchIndexes.find(searchIndexId)
    : await searchIndexes.findByIndexName(toIndexName(name!))
  if (!searchIndex) abort(404, 'No search index found with this ID.')
  const timeline = await timelines.find(timelineId)
  if (!timeline || timeline.sketchId !== call.sketch.id) abort(404, 'No timeline found with this ID.')
  if (timeline.searchIndex.indexName !== searchIndex.indexName) {
    abort(404, 'The timeline does not belong to the search index.')
  }
  return sendDone(c)
}
