import type { AppContext, SketchCall } from '../../../http/app-types.ts'
import { noteExport } from '../../../http/note-export.ts'
import type { EventView } from '../../../services/events/event-view.ts'
import { abort, inWords } from '../errors.ts'
import { readBody } from '../request.ts'
import type { TimesketchRouter } from '../router.ts'
import { readQuestion } from '../search/question.ts'
import { textStream } from '../search/stream.ts'
import { exportText } from '../wire/hit.ts'

/** `/sketches/<id>/exportstream/`: every event that answers, one JSON object a line (Timesketch 20261014: api/v1/resources/exportstream.py). */
export function routeExportStream(router: TimesketchRouter): void {
  router.sketch('POST', '/sketches/:sketchId/exportstream/', 'read', exportStream)
}

async function exportStream(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  if (call.sketch.status === 'archived') abort(403, 'Unable to query on an archived sketch.')
  const question = await readQuestion(call, call.sketch.id, body)
  const asked = {
    sketchId: call.sketch.id,
    selection: question.selection,
    query: question.query,
    signal: call.signal,
  }
  // Asked before anything is sent, so that a refusal is still an answer.
  await inWords(call.services.explore.count(call.principal, { ...asked, isStep: true }), {
    'no-timelines': [400, 'No valid search indices were found to perform the export on.'],
  })
  await noteExport(call, call.sketch.id, { format: 'jsonl', what: 'events' })
  const pages = call.services.explore.scan(call.principal, asked)
  c.header('Vary', 'Cookie')
  return c.body(textStream(call, lines(pages, question.fields, call.sketch.id)), 200, {
    'Content-Type': 'application/x-json-stream',
  })
}

async function* lines(
  pages: AsyncIterable<readonly EventView[]>,
  fields: readonly string[],
  sketchId: number,
): AsyncIterable<string> {
  for await (const page of pages) {
    for (const view of page) yield `${exportText(view, fields, sketchId)}\n`
  }
}
