import type { PlatformKind } from '../core/platform-kind.ts'
import { readText } from '../core/read-record.ts'

/** What stands for the message of an event that has none, best first. */
export const SEKOIA_EVENT_MESSAGES = ['event.original', 'event.reason', 'event.action'] as const

/**
 * An event of Sekoia.io, as a search job gives it: names of the Elastic Common Schema with dots already, so that the platform's
 * record is the event.
 */
export const SEKOIA_EVENT: PlatformKind = {
  name: 'sekoia-event',
  platform: 'sekoia',
  title: 'Sekoia.io events',
  timeDescription: 'Event Logged',
  dataType: 'sekoia:event',
  required: [
    ['timestamp', '@timestamp'],
    [
      '__event_id',
      'event.dialect',
      'sekoiaio.intake.uuid',
      'sekoiaio.intake.dialect',
      'sekoiaio.intake.key',
      'sekoiaio.entity.uuid',
    ],
  ],
  identify: (record) => readText(record, '__event_id', 'event.id'),
  toEvent: (record) => record,
  toEntries: () => ({}),
}
