import { VALUE } from '../../../packages/ingest/src/evtx/binxml/value-types.ts'
import type {
  ElementSpec,
  FragmentSpec,
  RecordSpec,
} from '../../../packages/ingest/src/evtx/testing/evtx-writer.ts'
import {
  hashGuid,
  makeRecord,
  namedData,
  processData,
  slot,
  unnamedData,
} from '../../../packages/ingest/src/evtx/testing/sample-events.ts'
import {
  fileTime,
  guid,
  nothing,
  number,
  sid,
  text,
  texts,
  ticksOf,
} from '../../../packages/ingest/src/evtx/testing/values.ts'
import { type Choices, createChoices } from '../../opensearch/random.ts'

const LETTERS = ['a', 'B', '7', ' ', '"', '\\', '<', '&', '\t', '\u00e4', '\u20ac', '\u{1d11e}', '\u0001']

/** Records of many templates with values of every type that logs hold; equal from run to run. */
export function makeVariedRecords(count: number): RecordSpec[] {
  const choices = createChoices(11)
  return Array.from({ length: count }, (_, i) => {
    const time = new Date(Date.UTC(2026, 2, 1) + i * 61_007).toISOString().replace('Z', '4567Z')
    return makeRecord({ id: i + 1, eventId: choices.between(1, 9000), time, data: pickData(choices, i) })
  })
}

function pickData(choices: Choices, i: number): FragmentSpec {
  switch (choices.between(0, 4)) {
    case 0:
      return processData(i)
    case 1:
      return unnamedData(...Array.from({ length: choices.between(1, 4) }, () => makeText(choices) || '-'))
    case 2:
      return makeUserData(choices)
    default:
      return makeNamedData(choices)
  }
}

function makeNamedData(choices: Choices): FragmentSpec {
  const ticks = ticksOf('2026-03-01T10:00:00Z') + BigInt(choices.between(0, 1_000_000_000))
  return namedData({
    Text: text(makeText(choices)),
    Nothing: nothing(choices.between(0, 4)),
    Small: number(VALUE.i8, choices.between(-128, 127)),
    Short: number(VALUE.u16, choices.between(0, 65_535)),
    Signed: number(VALUE.i32, choices.between(-2_000_000_000, 2_000_000_000)),
    Long: number(VALUE.u64, BigInt(choices.between(0, 2_000_000_000)) ** 2n),
    Negative: number(VALUE.i64, -choices.between(1, 2_000_000_000)),
    Flag: number(VALUE.bool, choices.between(0, 1)),
    Hex: number(VALUE.hex32, choices.between(0, 2_000_000_000)),
    LongHex: number(VALUE.hex64, BigInt(choices.between(0, 2_000_000_000)) ** 2n),
    Key: guid(hashGuid(String(choices.next()))),
    Who: sid(`S-1-5-21-${choices.between(0, 2_000_000_000)}-${choices.between(0, 9)}-500`),
    When: fileTime(ticks),
    Bytes: {
      type: VALUE.binary,
      bytes: Uint8Array.from({ length: choices.between(1, 9) }, () => choices.between(0, 255)),
    },
    Texts: texts(makeText(choices) || 'x'),
  })
}

function makeUserData(choices: Choices): FragmentSpec {
  const leaves = ['Address', 'User', 'Count'].map((name, i): ElementSpec => ({ name, content: [slot(i)] }))
  const root: ElementSpec = {
    name: 'UserData',
    content: [{ name: 'EventXML', attributes: [['xmlns', 'Event_NS']], content: leaves }],
  }
  return {
    template: { guid: hashGuid('user data'), root },
    values: [text('10.0.0.1'), text(makeText(choices) || 'u'), number(VALUE.u32, choices.between(0, 99))],
  }
}

function makeText(choices: Choices): string {
  return Array.from({ length: choices.between(0, 30) }, () => choices.pick(LETTERS)).join('')
}
