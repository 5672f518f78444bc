import { type Schema, timeField } from './schema.ts'

const LOGGED = 'Event Logged'

/**
 * Inputs made for Timesketch: they carry `datetime` or `timestamp`, `timestamp_desc` and `message` themselves.
 * `datetime` wins over a `timestamp` beside it; a numeric `timestamp` has its unit by size.
 */
export const TIMESKETCH_SCHEMAS: readonly Schema[] = [
  {
    name: 'timesketch',
    title: 'Timesketch',
    required: ['message', 'timestamp_desc', ['datetime', 'timestamp']],
    without: ['__container_type__', 'display_name'],
    times: [timeField('datetime', LOGGED), timeField('timestamp', LOGGED, { format: 'epoch' })],
  },
]
