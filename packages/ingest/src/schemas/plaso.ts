import { type Schema, timeField } from './schema.ts'

/**
 * What psort writes (log2timeline/plaso, output modules l2tcsv, dynamic and json_line). l2tcsv has its date as
 * MM/DD/YYYY and the zone in a column of its own.
 */
export const PLASO_SCHEMAS: readonly Schema[] = [
  {
    name: 'plaso-l2tcsv',
    title: 'plaso l2tcsv',
    required: ['date', 'time', 'timezone', 'MACB', 'sourcetype', 'desc'],
    times: [
      { fields: ['date', 'time'], description: 'Event Logged', format: 'slash', zoneField: 'timezone' },
    ],
    message: ['desc', 'short'],
    aliases: { timestamp_desc: ['type'], source_short: ['source'], source_long: ['sourcetype'] },
    dayFirst: false,
  },
  {
    name: 'plaso-json-line',
    title: 'plaso json_line',
    required: ['__container_type__', 'timestamp', 'timestamp_desc'],
    times: [
      timeField('datetime', 'Event Logged'),
      timeField('timestamp', 'Event Logged', { format: 'epoch-us' }),
    ],
  },
  {
    name: 'plaso-dynamic',
    title: 'plaso dynamic',
    hasTagTexts: true,
    required: ['datetime', 'timestamp_desc', 'message', 'parser'],
    times: [
      timeField('datetime', 'Event Logged'),
      timeField('timestamp', 'Event Logged', { format: 'epoch' }),
    ],
    aliases: { source_short: ['source'] },
  },
  {
    name: 'plaso-timesketch',
    title: 'plaso for Timesketch',
    hasTagTexts: true,
    required: ['datetime', 'timestamp_desc', 'message', 'display_name'],
    times: [
      timeField('datetime', 'Event Logged'),
      timeField('timestamp', 'Event Logged', { format: 'epoch' }),
    ],
  },
]
