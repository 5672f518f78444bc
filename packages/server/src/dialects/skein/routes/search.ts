import { type ApiSearchLine, searchLineSchema, searchRequestSchema } from '@timeskein/model'
import type { Aggregations } from '@timeskein/query'
import type { z } from 'zod'
import type { SketchCall } from '../../../http/app-types.ts'
import { noteStreamFailure } from '../../../http/stream-failure.ts'
import {
  aggregateTimes,
  aggregateValues,
  readTimes,
  readValues,
} from '../../../services/explore/event-aggregations.ts'
import type { ExploreResult } from '../../../services/explore/explore-service.ts'
import { prepareQuestion } from '../../../services/explore/read-question.ts'
import { nameTimelines } from '../../../services/timelines/name-timelines.ts'
import { readCursor, writeCursor } from '../cursor.ts'
import { followSignal, streamLines } from '../line-stream.ts'
import { type Route, sketchRoute } from '../route.ts'
import { writeApiEvent } from '../wire.ts'

type SearchInput = z.output<typeof searchRequestSchema>

const FACET_SIZE = 10

/** The search of our own API. */
export const searchRoutes: readonly Route[] = [
  sketchRoute('read', {
    method: 'POST',
    path: '/sketches/:sketchId{[0-9]+}/search',
    summary:
      'A page of events with count, histogram and facets, as JSON lines; the work stops when the client goes away.',
    body: searchRequestSchema,
    answer: searchLineSchema,
    answerType: 'application/x-ndjson',
    handle: async (call, { body }) => {
      const abort = followSignal(call.signal)
      // Read before the answer begins: a question that cannot be read is refused as a whole.
      const question = prepareQuestion(call.sketch.id, body, abort.signal)
      const after = body.after === undefined ? undefined : readCursor(body.after)
      await call.services.explore.resolveScope(call.sketch.id, question.selection)
      return streamLines(call, runSearch(call, body, question, after), 'application/x-ndjson', abort)
    },
  }),
]

async function* runSearch(
  call: SketchCall,
  input: SearchInput,
  question: ReturnType<typeof prepareQuestion>,
  after: ReturnType<typeof readCursor> | undefined,
): AsyncGenerator<string> {
  const waiting: string[] = []
  let wake: () => void = () => {}
  const search = call.services.explore.search(call.principal, {
    ...question,
    sort: input.sort,
    size: input.size,
    ...(input.from_row === undefined ? {} : { from: input.from_row }),
    ...(after === undefined ? {} : { after }),
    ...(input.timeLimitMs === undefined ? {} : { timeLimitMs: input.timeLimitMs }),
    aggregations: chooseAggregations(input),
    onProgress: (progress) => {
      waiting.push(writeLine({ type: 'progress', ...progress }))
      wake()
    },
  })
  let settled = false
  const settle = search.then(
    () => {
      settled = true
      wake()
    },
    () => {
      settled = true
      wake()
    },
  )
  while (!settled) {
    await new Promise<void>((resolve) => {
      wake = resolve
      if (waiting.length > 0 || settled) resolve()
    })
    const line = waiting.at(-1)
    waiting.length = 0
    if (line !== undefined) yield line
  }
  await settle
  try {
    yield* writeResult(await search, input)
  } catch (error) {
    if (question.signal?.aborted) return
    const failure = noteStreamFailure(call, error)
    if (failure) yield writeLine({ type: 'error', ...failure })
  }
}

function* writeResult(result: ExploreResult, input: SearchInput): Generator<string> {
  const names = nameTimelines(result.timelines)
  const rows = result.events.map((event) =>
    writeApiEvent(event, names.get(event.timelineId) ?? '', input.fields, input.derived),
  )
  yield `{"type":"rows","rows":[${rows.join(',')}]}\n`
  const byTimeline = Object.fromEntries(
    [...result.countByTimeline].map(([id, count]) => [names.get(id) ?? String(id), count]),
  )
  yield writeLine({ type: 'count', total: result.total, byTimeline })
  if (input.histogram) yield writeLine({ type: 'histogram', ...readTimes(result.aggregations['histogram']) })
  if (input.facets.length > 0)
    yield writeLine({
      type: 'facets',
      facets: Object.fromEntries(
        input.facets.map((field) => [field, readValues(result.aggregations[`facet:${field}`])]),
      ),
    })
  yield writeLine({
    type: 'done',
    tookMs: Math.round(result.tookMs),
    complete: result.complete,
    ...(result.incompleteReason === undefined ? {} : { incompleteReason: result.incompleteReason }),
    ...(result.next === undefined ? {} : { next: writeCursor(result.next) }),
  })
}

function chooseAggregations(input: SearchInput): Aggregations {
  return {
    ...(input.histogram ? { histogram: aggregateTimes() } : {}),
    ...Object.fromEntries(
      input.facets.map((field) => [`facet:${field}`, aggregateValues(field, FACET_SIZE)]),
    ),
  }
}

function writeLine(line: ApiSearchLine): string {
  return `${JSON.stringify(line)}\n`
}
