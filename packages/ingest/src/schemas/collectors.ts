import { JOURNAL_ALIASES, JOURNAL_CONSTANTS } from './journal-names.ts'
import { type Schema, timeField } from './schema.ts'

const LOGGED = 'Event Logged'

const VELOCIRAPTOR_TIMES: readonly (readonly [field: string, description: string])[] = [
  ['EventTime', LOGGED],
  ['event_time', LOGGED],
  ['Timestamp', LOGGED],
  ['TimeCreated', LOGGED],
  ['System.TimeCreated.SystemTime', LOGGED],
  ['Mtime', 'Content Modification Time'],
  ['Modified', 'Content Modification Time'],
  ['LastModified0x10', 'Content Modification Time'],
  ['StartTime', 'Start Time'],
  ['CreateTime', 'Creation Time'],
  ['CreationTime', 'Creation Time'],
  ['Btime', 'Creation Time'],
  ['Ctime', 'Metadata Modification Time'],
  ['Atime', 'Last Access Time'],
  ['_ts', 'Event Collected'],
]

/** General collectors: Elastic Common Schema, Velociraptor, mactime, systemd's journal as JSON, osquery, Redline. */
export const COLLECTOR_SCHEMAS: readonly Schema[] = [
  {
    name: 'ecs',
    title: 'Elastic Common Schema',
    required: ['@timestamp', ['ecs.version', 'event.category', 'event.kind', 'event.dataset', 'agent.type']],
    times: [timeField('@timestamp', LOGGED)],
    moreTimes: [
      timeField('event.created', 'Event Read'),
      timeField('event.start', 'Event Start'),
      timeField('event.end', 'Event End'),
      timeField('event.ingested', 'Event Ingested'),
    ],
    message: ['message', 'event.original', 'event.action'],
  },
  {
    name: 'mactime',
    title: 'mactime (-d) of The Sleuth Kit',
    required: ['Date', 'Size', 'Type', 'Mode', 'UID', 'GID', 'Meta', 'File Name'],
    times: [timeField('Date', 'Content Modification Time')],
    message: ['File Name'],
    aliases: {
      // Which of the four times it is: `m.c.`.
      timestamp_desc: ['Type'],
      filename: ['File Name'],
      inode: ['Meta'],
      mode_as_string: ['Mode'],
      owner_identifier: ['UID'],
      group_identifier: ['GID'],
      size: ['Size'],
    },
    constants: { data_type: 'fs:bodyfile:entry', source_short: 'FILE', source_long: 'Bodyfile' },
  },
  {
    name: 'velociraptor',
    title: 'Velociraptor',
    required: [
      ['_Source', '_ts', 'FlowId', '_FlowId', '_Artifact'],
      ['ClientId', '_ClientId', 'Fqdn', '_Source', '_Artifact', '_ts'],
    ],
    times: VELOCIRAPTOR_TIMES.map(([field, description]) => timeField(field, description)),
    message: [
      'Message',
      'message',
      'EventData.CommandLine',
      'OSPath',
      'FullPath',
      'CommandLine',
      'Name',
      '_Source',
    ],
    constants: { source_long: 'Velociraptor' },
  },
  {
    name: 'journald',
    title: "systemd's journal",
    required: ['__REALTIME_TIMESTAMP', 'MESSAGE'],
    times: [timeField('__REALTIME_TIMESTAMP', LOGGED, { format: 'epoch-us' })],
    moreTimes: [timeField('_SOURCE_REALTIME_TIMESTAMP', 'Event Sent', { format: 'epoch-us' })],
    message: ['MESSAGE'],
    aliases: Object.fromEntries(Object.entries(JOURNAL_ALIASES).map(([name, field]) => [name, [field]])),
    constants: JOURNAL_CONSTANTS,
  },
  {
    name: 'osquery',
    title: 'osquery results',
    required: ['unixTime', ['calendarTime', 'hostIdentifier'], 'name'],
    times: [timeField('unixTime', LOGGED, { format: 'epoch-s' }), timeField('calendarTime', LOGGED)],
    message: ['name'],
    constants: { source_short: 'LOG', source_long: 'osquery' },
  },
  {
    name: 'redline',
    title: 'Redline timeline',
    required: ['EventTimestamp', 'EventType', 'AuditType', 'Summary1'],
    times: [timeField('EventTimestamp', LOGGED)],
    message: ['Summary1'],
    constants: { source_long: 'Redline' },
  },
]
