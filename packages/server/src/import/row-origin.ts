import type { ImportProfile } from '@timeskein/model'
import type { TimelinePlace } from './timeline-chooser.ts'

/** What a file says for all of its rows, and they do not: equal rows of two hosts, or of two people's histories, are two events. */
export const ORIGIN_FIELDS: readonly string[] = ['hostname', 'display_name']

/** Names the timeline and the origin of a file's rows: only in these are equal rows the same ones. */
export function nameOrigin({ timelineId }: TimelinePlace, { constants }: ImportProfile): string {
  return JSON.stringify([timelineId, ...ORIGIN_FIELDS.map((name) => constants[name])])
}
