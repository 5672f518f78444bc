import type { Timeline } from './timeline-service.ts'

/** Names of timelines by id, for events that tell only the id of theirs. */
export function nameTimelines(timelines: readonly Timeline[]): ReadonlyMap<number, string> {
  return new Map(timelines.map((timeline) => [timeline.id, timeline.name]))
}
