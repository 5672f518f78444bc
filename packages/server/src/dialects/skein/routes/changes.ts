import type { SketchCall } from '../../../http/app-types.ts'
import type { Change } from '../../../services/change-feed.ts'
import { followSignal, streamLines } from '../line-stream.ts'
import { type Route, sketchRoute } from '../route.ts'

/** What happens in a sketch, as it happens. */
export const changeRoutes: readonly Route[] = [
  sketchRoute('read', {
    method: 'GET',
    path: '/sketches/:sketchId{[0-9]+}/changes',
    summary:
      'Changes of events, marks and timelines as server-sent events; `resync` where some were not told to this reader.',
    answerType: 'text/event-stream',
    handle: async (call, _input, c) => {
      const abort = followSignal(call.signal)
      const seen = readRevision(c.req.header('last-event-id'))
      return streamLines(call, writeEvents(call, seen, abort.signal), 'text/event-stream', abort)
    },
  }),
]

async function* writeEvents(
  call: SketchCall,
  seen: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const sketchId = call.sketch.id
  const changes = call.services.changes.subscribe(sketchId, signal)
  // Asked for after the subscription began: what changes in between is told twice rather than never.
  const revision = (await call.services.sketches.find(sketchId))?.revision ?? call.sketch.revision
  // A comment first: the client knows that it is connected before anything changes.
  yield `: revision ${revision}\n\n`
  if (seen !== undefined && seen < revision)
    yield writeEvent({ sketchId, revision, kind: 'resync', details: {} })
  for await (const change of changes) yield writeEvent(change)
}

function writeEvent(change: Change): string {
  return `id: ${change.revision}\nevent: ${change.kind}\ndata: ${JSON.stringify(change)}\n\n`
}

/** The last event that a client saw before its connection broke, as browsers tell it. */
function readRevision(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
