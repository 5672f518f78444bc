import type { SketchCall } from '../../../http/app-types.ts'
import { followSignal, streamLines } from '../line-stream.ts'
import { type Route, sketchRoute } from '../route.ts'

/** What happens in a sketch, as it happens. */
export const changeRoutes: readonly Route[] = [
  sketchRoute('read', {
    method: 'GET',
    path: '/sketches/:sketchId{[0-9]+}/changes',
    summary: 'Changes of events, marks and timelines as server-sent events.',
    answerType: 'text/event-stream',
    handle: async (call) => {
      const abort = followSignal(call.signal)
      return streamLines(writeEvents(call, abort.signal), 'text/event-stream', abort)
    },
  }),
]

async function* writeEvents(call: SketchCall, signal: AbortSignal): AsyncGenerator<string> {
  // A comment first: the client knows that it is connected before anything changes.
  yield `: revision ${call.sketch.revision}\n\n`
  for await (const change of call.services.changes.subscribe(call.sketch.id, signal))
    yield `id: ${change.revision}\nevent: ${change.kind}\ndata: ${JSON.stringify(change)}\n\n`
}
