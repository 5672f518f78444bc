import { type Schema, timeField } from './schema.ts'

const LOGGED = 'Event Logged'

/**
 * Inputs made for Timesketch: they carry `datetime` or `timestamp`, `timestamp_desc` and `message` themselves.
 * `datetime` wins over a `timestamp` beside it; a numeric `timestamp` has its unit by size. In our own exports Windows events
 * have no `message` beside their `Message`, and may stand behind others: it stands for the message of every row that has none.
 */
export const TIMESKETCH_SCHEMAS: readonly Schema[] = [
  {
    name: 'timesketch',
    title: 'Timesketch',
    required: [['message', 'Message'], 'timestamp_desc', ['datetime', 'timestamp']],
    without: ['__container_type__', 'display_name'],
    message: ['message', 'Message'],
    standIn: 'Message',
    hasTagTexts: true,
    times: [timeField('datetime', LOGGED), timeField('timestamp', LOGGED, { format: 'epoch' })],
  },
]
