import { VALUE } from '../binxml/value-types.ts'
import type { ElementSpec, FragmentSpec, PartSpec, RecordSpec, TemplateSpec } from './evtx-writer.ts'
import {
  fileTime,
  fragment,
  guid,
  nothing,
  number,
  sid,
  text,
  texts,
  ticksOf,
  type ValueSpec,
} from './values.ts'

/** A place for a value that may be left out. */
export function slot(index: number, type: number = VALUE.text): PartSpec {
  return { slot: index, type, isOptional: true }
}

/** What a made event says of itself. */
export interface EventSpec {
  readonly id: number
  readonly eventId?: number
  /** ISO 8601 with up to seven digits of a second. */
  readonly time?: string
  /** When the record's header says it was written. @default `time` */
  readonly writtenTime?: string
  readonly provider?: string
  readonly channel?: string
  /** `EventData` or `UserData`, and values for it; left out: an event without data. */
  readonly data?: FragmentSpec
}

const NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event'

/** The template of events as providers with a manifest write them: the data are a fragment of their own. */
export function makeEventTemplate(provider: string, channel: string): TemplateSpec {
  const leaf = (name: string, index: number, type: number): ElementSpec => ({
    name,
    content: [slot(index, type)],
  })
  const system: ElementSpec = {
    name: 'System',
    content: [
      {
        name: 'Provider',
        attributes: [
          ['Name', provider],
          ['Guid', '{54849625-5478-4994-a5ba-3e3b0328c30d}'],
        ],
      },
      leaf('EventID', 0, VALUE.u16),
      leaf('Version', 1, VALUE.u8),
      leaf('Level', 2, VALUE.u8),
      leaf('Task', 3, VALUE.u16),
      leaf('Opcode', 4, VALUE.u8),
      leaf('Keywords', 5, VALUE.hex64),
      { name: 'TimeCreated', attributes: [['SystemTime', slot(6, VALUE.fileTime)]] },
      leaf('EventRecordID', 7, VALUE.u64),
      { name: 'Correlation', attributes: [['ActivityID', slot(8, VALUE.guid)]] },
      {
        name: 'Execution',
        attributes: [
          ['ProcessID', slot(9, VALUE.u32)],
          ['ThreadID', slot(10, VALUE.u32)],
        ],
      },
      { name: 'Channel', content: [channel] },
      { name: 'Computer', content: ['PC1.example.test'] },
      { name: 'Security', attributes: [['UserID', slot(11, VALUE.sid)]] },
    ],
  }
  return {
    guid: hashGuid(`event ${provider} ${channel}`),
    root: { name: 'Event', attributes: [['xmlns', NAMESPACE]], content: [system, slot(12, VALUE.fragment)] },
  }
}

/** A record of an event. */
export function makeRecord(spec: EventSpec): RecordSpec {
  const { id, eventId = 4688, time = '2026-03-01T10:00:00.1234567Z', data } = spec
  const { provider = 'Microsoft-Windows-Security-Auditing', channel = 'Security' } = spec
  const values: ValueSpec[] = [
    number(VALUE.u16, eventId),
    number(VALUE.u8, 2),
    number(VALUE.u8, 0),
    number(VALUE.u16, 13_312),
    number(VALUE.u8, 0),
    number(VALUE.hex64, 0x8020_0000_0000_0000n),
    fileTime(ticksOf(time)),
    number(VALUE.u64, id),
    nothing(16),
    number(VALUE.u32, 4),
    number(VALUE.u32, 1234),
    sid('S-1-5-18'),
    data === undefined ? nothing() : fragment(data),
  ]
  const template = makeEventTemplate(provider, channel)
  return { id, written: ticksOf(spec.writtenTime ?? time), event: { template, values } }
}

/** `EventData` of named texts. */
export function namedData(values: Readonly<Record<string, ValueSpec>>): FragmentSpec {
  const names = Object.keys(values)
  const content = names.map(
    (name, i): ElementSpec => ({ name: 'Data', attributes: [['Name', name]], content: [slot(i)] }),
  )
  const template = { guid: hashGuid(`data ${names.join(' ')}`), root: { name: 'EventData', content } }
  return { template, values: Object.values(values) }
}

/** `EventData` as old interfaces write it: one element whose value is a list of texts. */
export function unnamedData(...values: string[]): FragmentSpec {
  const root: ElementSpec = {
    name: 'EventData',
    content: [
      { name: 'Data', content: [slot(0)] },
      { name: 'Binary', content: [slot(1, VALUE.binary)] },
    ],
  }
  return {
    template: { guid: hashGuid('unnamed'), root },
    values: [texts(...values), { type: VALUE.binary, bytes: Uint8Array.of(0xab, 1) }],
  }
}

/** The data of a process that was started, as in event 4688; no two are equal. */
export function processData(number_: number): FragmentSpec {
  return namedData({
    SubjectUserSid: sid('S-1-5-21-1004336348-1177238915-682003330-512'),
    SubjectUserName: text(`user${number_ % 40}`),
    SubjectDomainName: text('EXAMPLE'),
    SubjectLogonId: number(VALUE.hex64, 0x3e7 + (number_ % 90)),
    NewProcessId: number(VALUE.hex64, 1000 + (number_ % 7000)),
    NewProcessName: text(`C:\\Windows\\System32\\tool${number_ % 300}.exe`),
    TokenElevationType: text('%%1938'),
    ProcessId: number(VALUE.hex64, 500 + (number_ % 90)),
    CommandLine: text(`"C:\\Windows\\System32\\tool${number_ % 300}.exe" --run ${number_}`),
    TargetUserSid: sid('S-1-0-0'),
    TargetUserName: text('-'),
    TargetLogonId: number(VALUE.hex64, 0),
    ParentProcessName: text('C:\\Windows\\explorer.exe'),
    ActivityKey: guid('00112233445566778899aabbccddeeff'),
  })
}

/** 32 hex digits that are always the same for a text. */
export function hashGuid(name: string): string {
  let state = 0x811c9dc5
  let digits = ''
  for (let word = 0; word < 4; word++) {
    for (const character of `${word}${name}`) {
      state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193) >>> 0
    }
    digits += state.toString(16).padStart(8, '0')
  }
  return digits
}
