import type { AppContext, SketchCall } from '../../../http/app-types.ts'
import { readInTurns } from '../../../services/read-in-turns.ts'
import { abort } from '../errors.ts'
import {
  allowedIndexes,
  EVENTS_BODY_BYTES,
  type EventRef,
  readEventRefs,
  writtenIndex,
} from '../event-refs.ts'
import { sendDone, sendJson } from '../reply.ts'
import { flag, readBody } from '../request.ts'
import type { TimesketchRouter } from '../router.ts'
import { flat } from '../wire/envelope.ts'

/** Most events of one request that tags. */
const MAX_TAG_EVENTS = 100_000
/** Most events, and most tags, of one request that takes tags away; and most tags that one gives. */
const MAX_UNTAG = 500

/** `…/event/tagging/` and `…/event/untag/` (Timesketch 20261014: api/v1/resources/event.py). */
export function routeTagging(router: TimesketchRouter): void {
  const options = { maxBodyBytes: EVENTS_BODY_BYTES }
  router.sketch('POST', '/sketches/:sketchId/event/tagging/', 'write', tag, options)
  router.sketch('POST', '/sketches/:sketchId/event/untag/', 'write', untag, options)
}

async function tag(c: AppContext, call: SketchCall): Promise<Response> {
  const started = performance.now()
  const body = await readBody(c)
  const tags = readTags(body['tag_string'])
  if (tags.length > MAX_UNTAG) abort(400, 'Cannot tag with more than 500 tags in a single request')
  const events = Array.isArray(body['events']) ? body['events'] : []
  if (events.length > MAX_TAG_EVENTS) {
    abort(400, 'Cannot tag more than 100000 events in a single request')
  }
  const refs = readEventRefs(events, 'Events need to have a [_id] field associated to it.')
  await requireAllowed(call, refs, 'does not belong to the sketch')
  const ids = [...new Set(refs.map((ref) => ref.id))]

  const { explore, marks } = call.services
  const before = await readInTurns(
    ids,
    (some) => explore.getEvents(call.principal, call.sketch.id, some, { isStep: true }),
    call.signal,
  )
  const gathered = performance.now()
  if (tags.length > 0) await marks.addTags(call.principal, call.sketch.id, tags, { ids })
  let changedEvents = 0
  let tagsApplied = 0
  for (const view of before) {
    if (!view) continue
    const all = new Set([...view.tags, ...tags])
    if (all.size === view.tags.length) continue
    changedEvents++
    tagsApplied += all.size
  }
  const meta: Record<string, unknown> = {
    events_processed_by_api: before.filter((view) => view !== undefined).length,
    number_of_events_with_added_tags: changedEvents,
    tags_applied: tagsApplied,
    number_of_events_passed_to_api: refs.length,
  }
  const unknown = ids.filter((_, at) => before[at] === undefined)
  if (unknown.length > 0) meta['errors'] = unknown.slice(0, 10).map((id) => `Event ID ${id} not found.`)
  if (flag(body, 'verbose')) {
    const perIndex = Map.groupBy(refs, (ref) => ref.indexName ?? '')
    Object.assign(meta, {
      number_of_indices: perIndex.size,
      index_count: Object.fromEntries([...perIndex].map(([index, list]) => [index, list.length])),
      time_to_gather_tags: (gathered - started) / 1000,
      number_of_events: refs.length,
      number_of_events_in_tag_frame: ids.length - unknown.length,
      number_of_events_with_tags: before.filter((view) => view && view.tags.length > 0).length,
      tags_to_add: tags,
      time_to_tag: (performance.now() - gathered) / 1000,
    })
  }
  return sendJson(c, flat([], meta))
}

async function untag(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const events = body['events']
  if (!Array.isArray(events)) abort(400, 'Events need to be a list')
  if (events.length > MAX_UNTAG) abort(400, 'Cannot untag more than 500 events in a single request')
  const tags = body['tags_to_remove']
  if (!Array.isArray(tags)) abort(400, 'Tags need to be a list')
  if (tags.length > MAX_UNTAG) abort(400, 'Cannot untag more than 500 tags in a single request')
  const names = tags.filter((name) => typeof name === 'string')
  const refs = readEventRefs(events, 'Events need to have a [_id] field associated to it.')
  for (const ref of refs) {
    if (ref.indexName === undefined) abort(404, 'No search index information supplied.')
    if (!(await call.services.searchIndexes.findByIndexName(ref.indexName))) {
      abort(400, 'Unable to find the Search index.')
    }
  }
  await requireAllowed(call, refs, 'does not belong to the sketch')
  if (refs.length > 0 && names.length > 0) {
    await call.services.marks.removeTags(call.principal, call.sketch.id, names, {
      ids: [...new Set(refs.map((ref) => ref.id))],
    })
  }
  return sendDone(c)
}

/** Refuses events of indexes that are not the sketch's. */
async function requireAllowed(call: SketchCall, refs: readonly EventRef[], words: string): Promise<void> {
  const allowed = await allowedIndexes(call)
  for (const ref of refs) {
    if (ref.indexName === undefined || !allowed.has(ref.indexName)) {
      abort(403, `Search index ID (${writtenIndex(ref)}) ${words}`)
    }
  }
}

/** The tags come as JSON text of a list. */
function readTags(tagString: unknown): string[] {
  let value: unknown
  try {
    value = JSON.parse(typeof tagString === 'string' ? tagString : '')
  } catch {
    abort(400, 'Unable to read the tags, with error: Expecting value: line 1 column 1 (char 0)')
  }
  if (!Array.isArray(value)) abort(400, 'Tags need to be a list')
  if (value.some((name) => typeof name !== 'string')) abort(400, 'Tags need to be a list of strings')
  return [...new Set(value as string[])]
}
