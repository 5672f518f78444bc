import { formatCsvLine } from '@timeskein/model'
import type { Query } from '@timeskein/query'
import { isDomainError } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import type { EventView } from '../../../services/events/event-view.ts'
import type { TimelineSelection } from '../../../services/explore/explore-service.ts'
import { COMMENT_LABEL, STAR_LABEL } from '../../../services/marks/mark-service.ts'
import type { Sketch } from '../../../services/sketches/sketch-service.ts'
import { TIMESKETCH_VERSION } from '../routes/settings.ts'
import type { CommentsByEvent } from '../wire/hit.ts'
import { pythonJson } from '../wire/python-json.ts'
import { exportName } from './export-name.ts'
import { csvOf, type ZipEntry } from './result-zip.ts'
import { readSavedQuery } from './saved-query.ts'
import { steadyText } from './steady-text.ts'
import { workEntries } from './work-export.ts'

/** Distinct tags that the statistics tell. */
const TAG_LIMIT = 100
/** A sketch leaves with all that is in it, archived or not. */
const EVERYTHING: TimelineSelection = { entries: 'all', includeArchived: true }
/** Every field of an event. */
const ALL_FIELDS = ['*']

/** The files of a sketch's export (Timesketch 20261014: api/v1/resources/archive.py), made one after the other while they are sent. */
export async function* sketchExportEntries(call: UserCall, sketch: Sketch): AsyncIterable<ZipEntry> {
  const { services, principal } = call
  yield json('METADATA', {
    user: principal.username,
    time: new Date().toISOString(),
    sketch_id: sketch.id,
    sketch_name: sketch.name,
    sketch_description: sketch.description,
    timesketch_version: TIMESKETCH_VERSION,
  })
  yield* workEntries({ ...call, sketch })
  const { timelines } = await services.explore.resolveScope(sketch.id, EVERYTHING)
  if (timelines.length === 0) return

  for (const view of await services.savedSearches.listForExport(call.principal, sketch.id)) {
    const query = (await readSavedQuery(call, sketch.id, view))?.query
    const stem = `views/${exportName(view.id, view.name)}`
    // A question that can no longer be read leaves its description, which says so.
    if (query) yield { name: `${stem}.csv`, text: () => eventsCsv(call, sketch.id, query) }
    yield json(`${stem}.meta`, {
      name: view.name,
      view_id: view.id,
      description: view.description,
      query_string: view.queryString,
      query_filter: view.filterJson,
      query_dsl: view.dslJson,
      username: view.owner?.username ?? 'System',
      sketch_id: sketch.id,
      ...(query ? {} : { error: 'The question could not be read.' }),
    })
  }
  yield* markedEntries(call, sketch.id)
}

async function* markedEntries(call: UserCall, sketchId: number): AsyncIterable<ZipEntry> {
  const { services, principal } = call
  const comments = Map.groupBy(
    await services.marks.listComments(principal, sketchId),
    (comment) => comment.eventId,
  )
  if (comments.size > 0) {
    const texts = new Map([...comments].map(([id, list]) => [id, list.map((comment) => comment.text)]))
    const commented: Query = { kind: 'label', name: COMMENT_LABEL, sketchId }
    yield {
      name: 'events/events_with_comments.csv',
      text: () => eventsCsv(call, sketchId, commented, texts),
    }
  }
  const starred: Query = { kind: 'label', name: STAR_LABEL, sketchId }
  const tagged: Query = { kind: 'exists', field: 'tag' }
  yield {
    name: 'events/starred_events.csv',
    text: () => eventsCsv(call, sketchId, starred),
  }
  yield {
    name: 'events/tagged_events.csv',
    text: () => eventsCsv(call, sketchId, tagged),
  }

  if ((await services.explore.resolveScope(sketchId, EVERYTHING)).timelines.length === 0) return
  const result = await services.explore.search(principal, {
    sketchId,
    selection: EVERYTHING,
    query: tagged,
    isStep: true,
    size: 0,
    aggregations: {
      tags: {
        kind: 'terms',
        field: 'tag.keyword',
        size: TAG_LIMIT,
        order: { by: '_count', direction: 'desc' },
        minCount: 1,
      },
    },
  })
  yield json('events/tagged_event_stats.meta', {
    name: 'field_bucket',
    method: 'aggregator_run',
    description: 'Aggregating values of a particular field',
    es_time: result.tookMs / 1000,
  })
  const tags = result.aggregations['tags']
  const buckets = tags?.kind === 'buckets' ? tags.buckets : []
  yield {
    name: 'events/tagged_event_stats.csv',
    text: () => [
      formatCsvLine(['tag', 'count']),
      ...buckets.map((bucket) => formatCsvLine([String(bucket.key), String(bucket.count)])),
    ],
  }
}

function eventsCsv(
  call: UserCall,
  sketchId: number,
  query: Query,
  comments?: CommentsByEvent,
): AsyncIterable<string> {
  const make = () => csvOf(() => scan(call, sketchId, query), ALL_FIELDS, comments)
  return steadyText(call, sketchId, EVERYTHING, make)
}

/** The events that answer; none where the last timeline has been deleted since the export began. */
async function* scan(call: UserCall, sketchId: number, query: Query): AsyncIterable<readonly EventView[]> {
  try {
    yield* call.services.explore.scan(call.principal, {
      sketchId,
      selection: EVERYTHING,
      query,
      sort: 'asc',
      isStep: true,
      signal: call.signal,
    })
  } catch (error) {
    if (!isDomainError(error) || error.code !== 'no-timelines') throw error
  }
}

function json(name: string, value: unknown): ZipEntry {
  return { name, text: () => [pythonJson(value)] }
}
