import { writeIfRoom } from '../../../errors/out-of-room.ts'
import type { AppContext, SketchCall } from '../../../http/app-types.ts'
import { noteExport } from '../../../http/note-export.ts'
import type { EventView } from '../../../services/events/event-view.ts'
import type { ExploreResult, ScrollPage } from '../../../services/explore/explore-service.ts'
import { COMMENT_LABEL } from '../../../services/marks/mark-service.ts'
import type { SearchHistoryNode } from '../../../services/searches/search-history-service.ts'
import { abort, inWords } from '../errors.ts'
import { sendJson, sendJsonText, sendZip } from '../reply.ts'
import { type Body, flag, readBody, text, whole } from '../request.ts'
import type { TimesketchRouter } from '../router.ts'
import { type Question, readQuestion } from '../search/question.ts'
import { csvOf, zipStream } from '../search/result-zip.ts'
import { textStream } from '../search/stream.ts'
import { exploreMeta, HISTOGRAM } from '../wire/explore-meta.ts'
import { type CommentsByEvent, hitText } from '../wire/hit.ts'
import { wants } from '../wire/return-fields.ts'
import { marshalSearchNode } from '../wire/search-node.ts'

/** `/sketches/<id>/explore/` and `…/explore_wildcard/` (Timesketch 20261014: api/v1/resources/explore.py). */
export function routeExplore(router: TimesketchRouter): void {
  router.sketch('POST', '/sketches/:sketchId/explore/', 'read', (c, call) => explore(c, call, false))
  router.sketch('POST', '/sketches/:sketchId/explore_wildcard/', 'read', (c, call) => explore(c, call, true))
}

async function explore(c: AppContext, call: SketchCall, wildcard: boolean): Promise<Response> {
  const body = await readBody(c)
  if (call.sketch.status === 'archived') abort(400, 'Unable to query on an archived sketch.')
  const context = await readContext(call, body)
  const question = await readQuestion(call, call.sketch.id, body, { wildcard })
  if (flag(body, 'count')) return sendCount(c, call, question)
  const fileName = text(body, 'file_name')
  if (fileName) return sendFile(c, call, question, fileName)
  const scrollId = text(body, 'scroll_id')
  if (scrollId) return sendNextPage(c, call, question, scrollId)
  return sendFirstPage(c, call, question, { body, context })
}

/** A search as it came, and what it is for. */
interface Asked {
  readonly body: Body
  readonly context: Readonly<Record<string, number>>
}

/** What the search is for: ids of a scenario, facet and question of this sketch. */
async function readContext(call: SketchCall, body: Body): Promise<Readonly<Record<string, number>>> {
  const context: Partial<Record<'scenario' | 'facet' | 'question', number>> = {}
  for (const part of ['scenario', 'facet', 'question'] as const) {
    const id = whole(body, part)
    if (id) context[part] = id
  }
  if (Object.keys(context).length > 0)
    await inWords(call.services.scenarios.requireParts(call.principal, call.sketch.id, context), {
      'scenario-not-found': [400, 'Scenario is not part of this sketch.'],
      'facet-not-found': [400, 'Facet is not part of this sketch.'],
      'question-not-found': [400, 'Question is not part of this sketch.'],
    })
  return context
}

async function sendCount(c: AppContext, call: SketchCall, question: Question): Promise<Response> {
  const total = await call.services.explore.count(call.principal, {
    sketchId: call.sketch.id,
    selection: question.selection,
    query: question.query,
    signal: call.signal,
  })
  return sendJson(c, { meta: { total_count: total }, objects: [] })
}

async function sendFirstPage(
  c: AppContext,
  call: SketchCall,
  question: Question,
  asked: Asked,
): Promise<Response> {
  const { services, principal, sketch } = call
  const isScroll = flag(asked.body, 'enable_scroll')
  const request = {
    sketchId: sketch.id,
    selection: question.selection,
    query: question.query,
    sort: question.sort,
    size: question.size,
    from: question.from,
    aggregations: HISTOGRAM,
    signal: call.signal,
  }
  const result: ExploreResult & Partial<ScrollPage> = isScroll
    ? await services.explore.openScroll(principal, request)
    : await services.explore.search(principal, request)
  const [timelines, node] = await Promise.all([
    services.timelines.listActive(sketch.id),
    noteSearch(call, question, asked, result),
  ])
  const meta = {
    ...exploreMeta(result, timelines, isScroll),
    scroll_id: result.scrollId ?? '',
    search_node: node ? marshalSearchNode(node) : null,
  }
  return sendHits(c, call, meta, result.events, question.fields)
}

async function sendNextPage(
  c: AppContext,
  call: SketchCall,
  question: Question,
  scrollId: string,
): Promise<Response> {
  const { services, principal, sketch } = call
  const page = await inWords(
    services.explore.nextScrollPage(principal, sketch.id, scrollId, { signal: call.signal }),
    {
      'scroll-not-found': [
        400,
        'Unable to scroll: the scroll id is not known or its minute is over. Search again.',
      ],
    },
  )
  const [timelines, node] = await Promise.all([
    services.timelines.listActive(sketch.id),
    services.searchHistory.findLatest(principal, sketch.id),
  ])
  const meta = {
    ...exploreMeta(page, timelines, true),
    count_per_index: {},
    count_per_timeline: {},
    count_over_time: { data: {}, interval: '' },
    es_total_count_complete: 0,
    // The client asks with the first id until a page is empty, so the id stays the same to the end.
    scroll_id: page.scrollId ?? scrollId,
    search_node: node ? marshalSearchNode(node) : null,
  }
  return sendHits(c, call, meta, page.events, question.fields)
}

/** Writes the search into the caller's history and state; on a full disk it goes on from the one before. */
async function noteSearch(
  call: SketchCall,
  question: Question,
  asked: Asked,
  result: ExploreResult,
): Promise<SearchHistoryNode | undefined> {
  const { services, principal, sketch } = call
  const facts = { searchHistory: { sketchId: sketch.id, userId: principal.userId } }
  const node = await writeIfRoom(call.log, facts, () => writeSearch(call, question, asked, result))
  return node ?? (await services.searchHistory.findLatest(principal, sketch.id))
}

async function writeSearch(
  call: SketchCall,
  question: Question,
  { body, context }: Asked,
  result: ExploreResult,
): Promise<SearchHistoryNode> {
  const { services, principal, sketch } = call
  const query = {
    queryString: question.queryString ?? '',
    filterJson: question.filterJson,
    dslJson: question.dslJson,
  }
  if (flag(body, 'incognito')) {
    await services.savedSearches.saveState(principal, sketch.id, query)
    const latest = await services.searchHistory.findLatest(principal, sketch.id)
    return latest ?? abort(400, 'Unable to save search')
  }
  const parentId = whole(body, 'parent')
  return services.searchHistory.record(principal, sketch.id, {
    ...query,
    context,
    resultCount: result.total,
    queryTimeMs: Math.round(result.tookMs),
    ...(parentId ? { parentId } : {}),
  })
}

async function sendHits(
  c: AppContext,
  call: SketchCall,
  meta: Readonly<Record<string, unknown>>,
  events: readonly EventView[],
  fields: readonly string[],
): Promise<Response> {
  const comments = wants(fields, 'comment') ? await readComments(call, events) : NO_COMMENTS
  function* pieces(): Iterable<string> {
    yield `{"meta":${JSON.stringify(meta)},"objects":[`
    let separator = ''
    for (const view of events) {
      yield separator + hitText(view, fields, comments)
      separator = ','
    }
    yield ']}\n'
  }
  const characters = events.reduce((sum, view) => sum + view.event.source.length, 0)
  if (characters <= MAX_WHOLE_CHARACTERS) return sendJsonText(c, [...pieces()].join(''))
  c.header('Vary', 'Cookie')
  return c.body(textStream(call, pieces()), 200, { 'Content-Type': 'application/json' })
}

/** Sources up to so long are sent whole, in one write to the connection; more of them block by block, as they are made. */
const MAX_WHOLE_CHARACTERS = 512 * 1024

const NO_COMMENTS: CommentsByEvent = new Map()

/** The comments of those events that have one. */
async function readComments(call: SketchCall, events: readonly EventView[]): Promise<CommentsByEvent> {
  const ids = events.filter((view) => view.labels.includes(COMMENT_LABEL)).map((view) => view.id)
  if (ids.length === 0) return NO_COMMENTS
  const comments = await call.services.marks.listComments(call.principal, call.sketch.id, ids)
  const byEvent = new Map<string, string[]>()
  for (const comment of comments) {
    const texts = byEvent.get(comment.eventId)
    if (texts) texts.push(comment.text)
    else byEvent.set(comment.eventId, [comment.text])
  }
  return byEvent
}

async function sendFile(
  c: AppContext,
  call: SketchCall,
  question: Question,
  fileName: string,
): Promise<Response> {
  const { explore } = call.services
  const asked = {
    sketchId: call.sketch.id,
    selection: question.selection,
    query: question.query,
    signal: call.signal,
  }
  // Asked before anything is sent, so that a refusal is still an answer.
  await explore.count(call.principal, { ...asked, isStep: true })
  await noteExport(call, call.sketch.id, { format: 'csv', what: 'events' })
  const metadata = {
    created_at: new Date().toISOString(),
    created_by: call.principal.username,
    sketch: call.sketch.id,
    query: question.queryString,
    query_dsl: question.dslJson,
    query_filter: question.filterJson,
    return_fields: question.fields.join(','),
  }
  const entries = [
    { name: 'METADATA', text: () => [JSON.stringify(metadata)] },
    {
      name: 'query_results.csv',
      text: () =>
        csvOf(() => explore.scan(call.principal, { ...asked, sort: question.sort }), question.fields),
    },
  ]
  return sendZip(c, await zipStream(call, entries), fileName)
}
