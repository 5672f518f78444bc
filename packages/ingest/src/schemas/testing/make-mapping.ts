import type { Mapping } from '../mapping.ts'

/** A mapping of records whose message is in `message` and whose times are these, the first of them being the event's. */
export function makeMapping(times: Mapping['times']): Mapping {
  return {
    schema: 'test',
    times,
    allTimes: times,
    messageField: 'message',
    timeZone: 'UTC',
    dayFirst: undefined,
    profile: { aliases: {}, constants: { timestamp_desc: 'Written' } },
    reason: '',
  }
}
