import { createFullCsv, createPickedCsv, exportRequestSchema, ROW_NAMES, renameOwn } from '@timeskein/model'
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

/** Every event of an answer, streamed. */
export const exportRoutes: readonly Route[] = [
  sketchRoute('read', {
    method: 'POST',
    path: '/sketches/:sketchId{[0-9]+}/export',
    summary:
      'Every event of an answer as JSON lines or CSV, at constant memory. CSV without `fields` has a column for each field, and the rest in `other_fields`.',
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
            writeCsv(call, question, body.sort, body.fields),
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
  fields: readonly string[] | undefined,
): AsyncGenerator<string> {
  const names = nameTimelines(await call.services.timelines.list(call.principal, call.sketch.id))
  const csv = fields
    ? createPickedCsv([...ROW_NAMES, ...fields])
    : createFullCsv(await listFields(call, question))
  yield csv.header
  for await (const page of scan(call, question, sort))
    yield page
      .map((event) =>
        csv.formatRow({
          id: event.id,
          timeline: names.get(event.timelineId) ?? '',
          members: renameOwn(event.members),
        }),
      )
      .join('')
}

/** The fields of the timelines asked about, the most frequent first. */
async function listFields(call: SketchCall, question: ExploreQuestion): Promise<readonly string[]> {
  const fields = await call.services.explore.fields(call.principal, call.sketch.id, question.selection)
  return fields
    .toSorted((a, b) => b.eventCount - a.eventCount || (a.name < b.name ? -1 : 1))
    .map((field) => field.name)
}

function scan(
  call: SketchCall,
  question: ExploreQuestion,
  sort: 'asc' | 'desc' | undefined,
): AsyncIterable<readonly EventView[]> {
  return call.services.explore.scan(call.principal, { ...question, ...(sort === undefined ? {} : { sort }) })
}
