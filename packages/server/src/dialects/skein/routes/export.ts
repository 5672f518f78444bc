import { exportRequestSchema, formatCsvHeader, formatCsvLine } from '@timeskein/model'
import type { z } from 'zod'
import type { SketchCall } from '../../../http/app-types.ts'
import { noteExport } from '../../../http/note-export.ts'
import type { EventView } from '../../../services/events/event-view.ts'
import type { ExploreQuestion } from '../../../services/explore/explore-service.ts'
import { prepareQuestion } from '../../../services/explore/read-question.ts'
import { nameTimelines } from '../../../services/timelines/name-timelines.ts'
import { followSignal, streamLines } from '../line-stream.ts'
import { type Route, sketchRoute } from '../route.ts'
import { writeApiEvent } from '../wire.ts'

/** Columns of CSV when none are asked for. */
const CSV_FIELDS = ['datetime', 'timestamp', 'timestamp_desc', 'message', 'data_type', 'tag'] as const

/** Every event of an answer, streamed. */
export const exportRoutes: readonly Route[] = [
  sketchRoute('read', {
    method: 'POST',
    path: '/sketches/:sketchId{[0-9]+}/export',
    summary: 'Every event of an answer as JSON lines or CSV, at constant memory.',
    body: exportRequestSchema,
    answerType: 'application/x-ndjson',
    handle: async (call, { body }) => {
      const abort = followSignal(call.signal)
      const question = prepareQuestion(call.sketch.id, body, abort.signal)
      // Before the answer begins: timelines that the sketch does not have are refused.
      await call.services.explore.resolveScope(call.sketch.id, question.selection)
      await noteExport(call, call.sketch.id, {
        format: body.format === 'csv' ? 'csv' : 'jsonl',
        what: 'events',
      })
      return body.format === 'csv'
        ? streamLines(
            call,
            writeCsv(call, question, body.sort, body.fields ?? CSV_FIELDS),
            'text/csv; charset=utf-8',
            abort,
          )
        : streamLines(call, writeJsonLines(call, question, body), 'application/x-ndjson', abort)
    },
  }),
]

async function* writeJsonLines(
  call: SketchCall,
  question: ExploreQuestion,
  { sort, fields, derived }: z.output<typeof exportRequestSchema>,
): AsyncGenerator<string> {
  const names = nameTimelines(await call.services.timelines.list(call.principal, call.sketch.id))
  for await (const page of scan(call, question, sort))
    yield page
      .map((event) => `${writeApiEvent(event, names.get(event.timelineId) ?? '', fields, derived)}\n`)
      .join('')
}

async function* writeCsv(
  call: SketchCall,
  question: ExploreQuestion,
  sort: 'asc' | 'desc' | undefined,
  fields: readonly string[],
): AsyncGenerator<string> {
  const names = nameTimelines(await call.services.timelines.list(call.principal, call.sketch.id))
  yield formatCsvHeader(['_id', 'timeline', ...fields])
  for await (const page of scan(call, question, sort))
    yield page
      .map((event) =>
        formatCsvLine([
          event.id,
          names.get(event.timelineId) ?? '',
          ...fields.map((field) => toCell(event.get(field))),
        ]),
      )
      .join('')
}

function scan(
  call: SketchCall,
  question: ExploreQuestion,
  sort: 'asc' | 'desc' | undefined,
): AsyncIterable<readonly EventView[]> {
  return call.services.explore.scan(call.principal, { ...question, ...(sort === undefined ? {} : { sort }) })
}

function toCell(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
