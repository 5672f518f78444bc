import type { Principal } from '../../auth/principal.ts'
import type { Timeline } from '../timelines/timeline-service.ts'

/** Name of the timeline of events that people entered by hand. */
export const MANUAL_TIMELINE_NAME = 'Manual events'
/** What is said of that timeline (Timesketch’s words). */
export const MANUAL_TIMELINE_DESCRIPTION = 'internal timeline for user-created events'

/** Events entered by hand. */
export interface EventService {
  /**
   * Adds one event to the sketch's manual timeline, made when there is none. Needs write. Searchable when it resolves.
   *
   * @param input.source - The whole event as it shall come back in `_source`.
   * @param input.text - The same as JSON, where a number in it has more digits than a double.
   */
  create(
    principal: Principal,
    sketchId: number,
    input: { timeUs: bigint; nanos?: number; source: Readonly<Record<string, unknown>>; text?: string },
  ): Promise<Timeline>
}
