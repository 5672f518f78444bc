import type { SketchCall } from '../../../http/app-types.ts'
import { mayStillRead } from '../../../http/may-still-read.ts'
import type { Change } from '../../../services/changes/change-feed.ts'
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
      const lines = writeEvents(call, () => mayStillRead(c, call), seen, abort)
      return streamLines(call, lines, 'text/event-stream', abort)
    },
  }),
]

/** How often a stream in which nothing happens says that it lives: proxies end connections that are silent for a minute. */
const HEARTBEAT_MS = 15_000

/**
 * The changes of a sketch as server-sent events, from now until it is aborted or the reader may no longer read the sketch.
 *
 * @param isAllowed - Asked before each change is told, and at each heartbeat.
 * @param seen - The revision that the reader knows.
 */
export async function* writeEvents(
  call: SketchCall,
  isAllowed: () => Promise<boolean>,
  seen: number | undefined,
  abort: AbortController,
  heartbeatMs: number = HEARTBEAT_MS,
): AsyncGenerator<string> {
  const sketchId = call.sketch.id
  const changes = call.services.changes.subscribe(sketchId, abort.signal)[Symbol.asyncIterator]()
  // Asked for after the subscription began: what changes in between is told twice rather than never.
  const revision = (await call.services.sketches.find(sketchId))?.revision ?? call.sketch.revision
  // A comment first: the client knows that it is connected before anything changes.
  yield `: revision ${revision}\n\n`
  if (seen !== undefined && seen < revision)
    yield writeEvent({ sketchId, revision, kind: 'resync', details: {} })
  let next = changes.next()
  try {
    for (;;) {
      const came = await waitAtMost(next, heartbeatMs)
      if (came?.done || !(await isAllowed())) return
      if (came) next = changes.next()
      yield came ? writeEvent(came.value) : ': alive\n\n'
    }
  } finally {
    // Ends the subscription, also while it waits for a change.
    abort.abort()
  }
}

/** What a promise gives, or undefined when it takes longer. */
async function waitAtMost<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(resolve, ms, undefined)
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

function writeEvent(change: Change): string {
  return `id: ${change.revision}\nevent: ${change.kind}\ndata: ${JSON.stringify(change)}\n\n`
}

/** The last event that a client saw before its connection broke, as browsers tell it. */
function readRevision(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
