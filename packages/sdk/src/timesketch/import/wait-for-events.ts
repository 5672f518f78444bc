import { waitMs } from '../../transport/wait.ts'
import type { Connection } from '../connection/connection.ts'
import { Tasks } from '../tasks.ts'
import { type TimelineDetail, Timelines } from '../timelines/timelines.ts'

/** What an import waits for. */
export interface AwaitedEvents {
  readonly timelineId: number
  /** Tasks of the server that are to end. */
  readonly taskIds: readonly string[]
  /** Events that the timeline has when none is left out; 0 when that is not known. */
  readonly expectedCount: number
  readonly signal: AbortSignal | undefined
}

/** How often the server is asked. */
const POLL_MS = 1000
/** So often the same answer means that no more comes: after the tasks, and while tasks seem never to end. */
const STILL_POLLS = 3
const STILL_POLLS_WITH_TASKS = 60

/**
 * Waits until what was sent can be searched, and gives the timeline as it is then. A timeline of Timesketch is `ready` between two
 * chunks too, and its events are counted a moment after; so its tasks must have ended, and its events be there or come no more.
 */
export async function waitForEvents(
  connection: Connection,
  sketchId: number,
  awaited: AwaitedEvents,
): Promise<TimelineDetail> {
  const timelines = new Timelines(connection, sketchId)
  const tasks = new Tasks(connection)
  const { signal } = awaited
  const open = new Set(awaited.taskIds)
  let before: number | undefined
  let stillPolls = 0
  for (;;) {
    for (const id of open) {
      const task = await tasks.get(id, { signal })
      if (task && !ENDED.has(task.state)) break
      open.delete(id)
    }
    const timeline = await timelines.waitUntilReady(awaited.timelineId, { signal })
    const { eventCount, status } = timeline
    stillPolls = eventCount === before ? stillPolls + 1 : 0
    before = eventCount
    const isComplete = eventCount === undefined || eventCount >= awaited.expectedCount
    const isStill = stillPolls >= (open.size > 0 ? STILL_POLLS_WITH_TASKS : STILL_POLLS)
    if (status !== 'ready' || isStill || (isComplete && open.size === 0)) return timeline
    await waitMs(POLL_MS, signal)
  }
}

const ENDED: ReadonlySet<string> = new Set(['SUCCESS', 'FAILURE', 'REVOKED'])
