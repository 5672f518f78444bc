import { type Schema, timeField } from './schema.ts'

/**
 * What detection tools say about Windows events: Hayabusa (Yamato-Security, `csv-timeline` and `json-timeline`, all
 * output profiles with a `Timestamp`) and Chainsaw (WithSecureLabs, `hunt --csv` and `--json`).
 */
export const DETECTION_SCHEMAS: readonly Schema[] = [
  {
    name: 'hayabusa',
    title: 'Hayabusa timeline',
    required: ['Timestamp', 'RuleTitle', 'Level', ['Computer', 'Channel', 'EventID', 'RecordID', 'Details']],
    times: [timeField('Timestamp', 'Event Logged')],
    message: ['RuleTitle'],
    constants: { source_short: 'EVTX', source_long: 'Hayabusa' },
  },
  {
    name: 'chainsaw-json',
    title: 'Chainsaw hunt',
    required: [
      'timestamp',
      'name',
      ['document.kind', 'document.path', 'document.data.Event.System.EventID', 'documents'],
    ],
    times: [
      timeField('timestamp', 'Event Logged'),
      timeField('document.data.Event.System.TimeCreated_attributes.SystemTime', 'Event Logged'),
    ],
    message: ['name'],
    aliases: {
      EventID: ['document.data.Event.System.EventID'],
      Channel: ['document.data.Event.System.Channel'],
      Computer: ['document.data.Event.System.Computer'],
    },
    constants: { source_short: 'EVTX', source_long: 'Chainsaw' },
  },
  {
    name: 'chainsaw-csv',
    title: 'Chainsaw hunt',
    required: ['timestamp', 'detections', 'path'],
    times: [timeField('timestamp', 'Event Logged')],
    message: ['detections'],
    aliases: { EventID: ['Event ID'] },
    constants: { source_short: 'EVTX', source_long: 'Chainsaw' },
  },
]
