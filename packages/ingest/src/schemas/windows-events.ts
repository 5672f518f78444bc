import { EVTX_ALIASES, EVTX_CONSTANTS } from './evtx-aliases.ts'
import { type Schema, timeField } from './schema.ts'

const LOGGED = 'Event Logged'

/** What every shape of Windows events may have, after its own fields: collected sets mix several shippers. */
const ANY_WINDOWS_TIME = [
  timeField('@timestamp', LOGGED),
  timeField('TimeCreated', LOGGED),
  timeField('UtcTime', LOGGED),
  timeField('EventTime', LOGGED),
  timeField('TimeGenerated', LOGGED),
]

/**
 * Windows events as JSON or CSV, by way of several tools: evtx_dump (omerbenamram/evtx, one or several objects with
 * `Event`), Winlogbeat 6 to 8, NXLog (`im_msvistalog` with `to_json`), the flat records of OTRF Security-Datasets and
 * HELK, Azure Monitor's tables, `Get-WinEvent | ConvertTo-Json` or `Export-Csv`, and Event Viewer's "save as CSV".
 * `@timestamp` goes first: it is UTC, while EventTime and TimeCreated often are local times without a zone.
 */
export const WINDOWS_SCHEMAS: readonly Schema[] = [
  {
    name: 'evtx-dump',
    title: 'Windows events by evtx_dump',
    required: [
      ['Event.System.EventID', 'Event.System.EventID.#text'],
      [
        'Event.System.TimeCreated.#attributes.SystemTime',
        'Event.System.TimeCreated_attributes.SystemTime',
        'Event.System.TimeCreated.SystemTime',
        'Event.System.TimeCreated.@SystemTime',
      ],
    ],
    times: [timeField('TimeCreated_SystemTime', 'Creation Time', { format: 'iso' })],
    message: ['RenderingInfo_Message'],
    aliases: Object.fromEntries(Object.entries(EVTX_ALIASES).map(([name, field]) => [name, [field]])),
    constants: EVTX_CONSTANTS,
    transform: 'evtx',
  },
  {
    name: 'winlogbeat',
    title: 'Winlogbeat',
    required: ['@timestamp', ['winlog.event_id', 'winlog.channel', 'winlog.provider_name']],
    times: [timeField('@timestamp', LOGGED)],
    moreTimes: [timeField('event.created', 'Event Read'), timeField('winlog.event_data.UtcTime', 'UtcTime')],
    message: ['message', 'event.original'],
    constants: { source_short: 'EVTX', source_long: 'Winlogbeat' },
  },
  {
    name: 'winlogbeat-6',
    title: 'Winlogbeat 6',
    required: ['@timestamp', 'event_id', 'log_name', ['source_name', 'computer_name']],
    times: [timeField('@timestamp', LOGGED)],
    message: ['message'],
    constants: { source_short: 'EVTX', source_long: 'Winlogbeat' },
  },
  {
    name: 'nxlog',
    title: 'NXLog',
    required: ['EventTime', 'EventID', ['SourceModuleName', 'SourceModuleType', 'EventReceivedTime']],
    times: ANY_WINDOWS_TIME,
    moreTimes: [timeField('EventReceivedTime', 'Event Received')],
    message: ['Message'],
    constants: { source_short: 'EVTX', source_long: 'NXLog' },
  },
  {
    name: 'windows-flat',
    title: 'flat Windows events (OTRF Security-Datasets, HELK)',
    required: [
      'EventID',
      ['Channel', 'SourceName', 'ProviderName', 'Provider_Name'],
      ['@timestamp', 'TimeCreated', 'EventTime', 'UtcTime', 'TimeGenerated'],
    ],
    without: ['MapDescription', 'RuleTitle', 'Timestamp'],
    times: ANY_WINDOWS_TIME,
    moreTimes: [timeField('EventReceivedTime', 'Event Received')],
    message: ['Message', 'message', 'Activity'],
    constants: { source_short: 'EVTX', source_long: 'Windows Event Log' },
  },
  {
    name: 'azure-monitor',
    title: 'Azure Monitor and Sentinel',
    required: ['TimeGenerated', ['TenantId', '_ResourceId', 'SourceSystem']],
    times: [
      timeField('TimeGenerated', LOGGED),
      timeField('TimeGenerated [UTC]', LOGGED),
      timeField('EventTime', LOGGED),
    ],
    moreTimes: [timeField('TimeCollected', 'Event Collected')],
    message: ['Message', 'SyslogMessage', 'Activity', 'RenderedDescription', 'OperationName'],
  },
  {
    name: 'get-winevent',
    title: 'Windows events by Get-WinEvent',
    required: ['TimeCreated', 'Id', 'ProviderName', 'LogName'],
    times: [timeField('TimeCreated', LOGGED)],
    message: ['Message'],
    aliases: {
      EventID: ['Id'],
      Channel: ['LogName'],
      Provider_Name: ['ProviderName'],
      Computer: ['MachineName'],
    },
    constants: { source_short: 'EVTX', source_long: 'Windows Event Log' },
  },
  {
    name: 'event-viewer',
    title: 'Windows events saved by Event Viewer',
    required: ['Date and Time', 'Event ID', 'Source', 'Task Category'],
    times: [timeField('Date and Time', LOGGED)],
    message: ['column_6', 'Message', 'General'],
    aliases: { EventID: ['Event ID'], Provider_Name: ['Source'] },
    constants: { source_short: 'EVTX', source_long: 'Windows Event Log' },
  },
]
