import { randomBytes } from 'node:crypto'
import type { Principal } from '../auth/principal.ts'
import { conflict } from '../errors/domain-error.ts'
import type { ServiceContext } from '../services/service-context.ts'
import type { Timeline, TimelineService } from '../services/timelines/timeline-service.ts'
import type { ImportRequest } from './import-service.ts'
import type { StartedPlace } from './log/describe-end.ts'
import { recordStart } from './log/record-start.ts'
import { chooseAndTake } from './log/take-timeline.ts'

/**
 * Writes an import down, with the timeline that it goes to.
 *
 * @throws {DomainError} `not-found`, `forbidden`, `conflict` (`timeline-closed`).
 */
export async function enterImport(
  context: ServiceContext,
  timelines: Pick<TimelineService, 'get' | 'chooseForImport'>,
  principal: Principal,
  request: ImportRequest,
  bytesTotal: number | undefined,
): Promise<StartedPlace> {
  const importId = randomBytes(16).toString('hex')
  const { timeline, taken } = await chooseAndTake(
    () => chooseTimeline(timelines, principal, request),
    (chosen) => recordStart(context, principal, request, { importId, timeline: chosen, bytesTotal }),
  )
  return { importId, sketchId: request.sketchId, timeline, dataSourceId: taken }
}

async function chooseTimeline(
  timelines: Pick<TimelineService, 'get' | 'chooseForImport'>,
  principal: Principal,
  { sketchId, timeline: wanted }: ImportRequest,
): Promise<Timeline> {
  if (!('id' in wanted)) return await timelines.chooseForImport(principal, sketchId, wanted)
  const timeline = await timelines.get(principal, sketchId, wanted.id)
  const { id, status } = timeline
  if (status === 'archived' || status === 'deleted')
    throw conflict('timeline-closed', `Timeline ${id} is ${status}.`, { timelineId: id })
  return timeline
}
