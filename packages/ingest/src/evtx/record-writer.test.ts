import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChunkContext } from './binxml/chunk-context.ts'
import { VALUE } from './binxml/value-types.ts'
import { readChunkHeader } from './chunk/chunk-header.ts'
import { walkChunk } from './chunk/walk-chunk.ts'
import { RecordWriter } from './record-writer.ts'
import { type ElementSpec, type FragmentSpec, makeChunks, type RecordSpec } from './testing/evtx-writer.ts'
import { hashGuid, makeRecord, namedData, processData, slot, unnamedData } from './testing/sample-events.ts'
import {
  fragment,
  guid,
  nothing,
  number,
  sid,
  text,
  texts,
  ticksOf,
  type ValueSpec,
} from './testing/values.ts'

type Json = Record<string, unknown>

const MEMORY = new Uint8Array(8 << 20)

/** Records as they are written; and how many of them went by plans. */
function write(records: readonly RecordSpec[], keepsXml = false): { rows: Json[]; planned: number } {
  return writeChunks(makeChunks(records), keepsXml)
}

function writeChunks(chunks: readonly Buffer[], keepsXml = false): { rows: Json[]; planned: number } {
  const writer = new RecordWriter(MEMORY, 0, { keepsXml })
  const context = new ChunkContext()
  const rows: Json[] = []
  for (const chunk of chunks) {
    context.start(chunk)
    writer.startChunk()
    for (const item of walkChunk(chunk, readChunkHeader(chunk)!)) {
      if (item.kind !== 'record') throw new Error(item.detail)
      writer.write(context, item, false)
      const { bytes, start, at } = writer.text
      rows.push(JSON.parse(Buffer.from(bytes.subarray(start, at)).toString()))
    }
  }
  return { rows, planned: writer.counts.planned }
}

function writeOne(spec: Parameters<typeof makeRecord>[0]): Json {
  return write([makeRecord(spec)]).rows[0]!
}

/** `EventData` or `UserData` of a template made for it. */
function dataOf(root: ElementSpec, ...values: ValueSpec[]): FragmentSpec {
  return { template: { guid: hashGuid(JSON.stringify(root)), root }, values }
}

describe('RecordWriter', () => {
  it('gives the names of System and EventData that rules are written against', () => {
    const data = namedData({ Image: text('C:\\a.exe'), Size: number(VALUE.u32, 7), Empty: nothing(2) })
    expect(writeOne({ id: 17, eventId: 1, data })).toEqual({
      Provider_Name: 'Microsoft-Windows-Security-Auditing',
      Provider_Guid: '{54849625-5478-4994-a5ba-3e3b0328c30d}',
      EventID: 1,
      Version: 2,
      Level: 0,
      Task: 13_312,
      Opcode: 0,
      Keywords: '0x8020000000000000',
      TimeCreated_SystemTime: '2026-03-01T10:00:00.1234567Z',
      EventRecordID: 17,
      Execution_ProcessID: 4,
      Execution_ThreadID: 1234,
      Channel: 'Security',
      Computer: 'PC1.example.test',
      Security_UserID: 'S-1-5-18',
      Image: 'C:\\a.exe',
      Size: 7,
      Empty: '',
      message: '[1 Microsoft-Windows-Security-Auditing] Image: C:\\a.exe, Size: 7',
    })
  })

  it('lists data without names, and counts them', () => {
    expect(writeOne({ id: 1, data: unnamedData('svc', 'running') })).toMatchObject({
      Data: ['svc', 'running'],
      param1: 'svc',
      param2: 'running',
      Binary: 'AB01',
      message: '[4688 Microsoft-Windows-Security-Auditing] svc, running',
    })
  })

  it('gives data with other characters in their names a second, plain name', () => {
    expect(writeOne({ id: 1, data: namedData({ 'Threat Name': text('X') }) })).toMatchObject({
      'Threat Name': 'X',
      ThreatName: 'X',
      message: '[4688 Microsoft-Windows-Security-Auditing] Threat Name: X',
    })
  })

  it('keeps the wrapper of UserData out of the names of its leaves', () => {
    const root: ElementSpec = {
      name: 'UserData',
      content: [
        {
          name: 'EventXML',
          attributes: [['xmlns', 'Event_NS']],
          content: [{ name: 'User', content: [slot(0)] }],
        },
      ],
    }
    expect(writeOne({ id: 1, data: dataOf(root, text('bob')) })).toMatchObject({
      UserData_Name: 'EventXML',
      User: 'bob',
    })
  })

  it('leaves System a name that the data have too', () => {
    expect(writeOne({ id: 1, data: namedData({ Level: text('high') }) })).toMatchObject({
      Level: 0,
      EventData_Level: 'high',
    })
  })

  it('says when the record was written, where that is another time', () => {
    const times = { time: '2026-03-01T10:00:00.0000001Z', writtenTime: '2026-03-01T10:00:05Z' }
    expect(writeOne({ id: 1, ...times })).toMatchObject({
      TimeCreated_SystemTime: '2026-03-01T10:00:00.0000001Z',
      written_time: '2026-03-01T10:00:05.0000000Z',
    })
    expect(writeOne({ id: 1 })).not.toHaveProperty('written_time')
  })

  it('reads forwarded events, where everything is text and the message is there', () => {
    const leaf = (name: string, value: string): ElementSpec => ({ name, content: [value] })
    const event: ElementSpec = {
      name: 'Event',
      content: [
        {
          name: 'System',
          content: [
            { name: 'Provider', attributes: [['Name', 'P']] },
            leaf('EventID', '4624'),
            { name: 'TimeCreated', attributes: [['SystemTime', '2026-03-01T10:00:00.123456789Z']] },
          ],
        },
        { name: 'EventData', content: [{ name: 'Data', attributes: [['Name', 'User']], content: ['bob'] }] },
        { name: 'RenderingInfo', content: [leaf('Message', 'An account was logged on.')] },
      ],
    }
    const [row] = write([
      { id: 1, written: ticksOf('2026-03-01T10:00:09Z'), event: { elements: [event] } },
    ]).rows
    expect(row).toEqual({
      Provider_Name: 'P',
      EventID: 4624,
      TimeCreated_SystemTime: '2026-03-01T10:00:00.123456789Z',
      User: 'bob',
      RenderingInfo_Message: 'An account was logged on.',
      written_time: '2026-03-01T10:00:09.0000000Z',
    })
  })

  it('leaves out elements that depend on a value that is null, not those that depend on an empty one', () => {
    const data = (value: ValueSpec) =>
      dataOf(
        {
          name: 'EventData',
          content: [{ name: 'Data', dependency: 0, attributes: [['Name', 'A']], content: [slot(0)] }],
        },
        value,
      )
    expect(writeOne({ id: 1, data: data(nothing()) })).not.toHaveProperty('A')
    expect(writeOne({ id: 1, data: data(text('')) })).toHaveProperty('A', '')
  })

  it('puts together texts, references, CDATA and values', () => {
    const root: ElementSpec = {
      name: 'EventData',
      content: [
        {
          name: 'Data',
          attributes: [['Name', 'A']],
          content: [
            'a',
            { entity: 'amp' },
            { character: 0x20ac },
            { cdata: '<' },
            slot(0),
            { instruction: 't', data: 'd' },
          ],
        },
      ],
    }
    expect(writeOne({ id: 1, data: dataOf(root, number(VALUE.u32, 7)) })).toHaveProperty('A', 'a&€<7')
  })

  it('keeps every character of a text, half ones too', () => {
    const value = 'tab\t quote" back\\ \u0001 ä € 𝄞 \ud800 end'
    expect(writeOne({ id: 1, data: namedData({ A: text(value) }) })).toHaveProperty('A', value)
  })

  it('cuts long values in the message only, and never inside of a character', () => {
    const row = writeOne({ id: 1, data: namedData({ A: text('€"'.repeat(500)), B: text('b') }) })
    expect(row['A']).toBe('€"'.repeat(500))
    expect(row['message']).toMatch(/A: (?:€")+€?\.\.\., B: b$/)
  })

  it('keeps XML on request', () => {
    const { rows } = write([makeRecord({ id: 1, data: namedData({ A: text('<&">') }) })], true)
    expect(rows[0]!['xml_string']).toContain(
      '  <EventData>\n    <Data Name="A">&lt;&amp;"&gt;</Data>\n  </EventData>\n</Event>',
    )
  })

  it('takes no template for another in a later chunk that has its GUID', () => {
    const named = (name: string, size: number): FragmentSpec => ({
      template: {
        guid: '00'.repeat(16),
        root: {
          name: 'EventData',
          content: [{ name: 'Data', attributes: [['Name', name]], content: [slot(0)] }],
        },
      },
      values: [text('x'.repeat(size))],
    })
    const records = [
      makeRecord({ id: 1, data: named('A', 30_000) }),
      makeRecord({ id: 2, data: named('B', 5) }),
      makeRecord({ id: 3, data: named('A', 5) }),
    ]
    const { rows } = writeChunks(records.map((record) => makeChunks([record])[0]!))
    expect(rows.map((row) => ['A' in row, 'B' in row])).toEqual([
      [true, false],
      [false, true],
      [true, false],
    ])
  })

  it('writes by plans what their templates allow', () => {
    const records = Array.from({ length: 50 }, (_, i) => makeRecord({ id: i + 1, data: processData(i) }))
    expect(write(records).planned).toBe(50)
  })

  it('writes the same by a plan as by a tree, whatever the template and the values', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }).map(text),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((n) => number(VALUE.u64, n)),
      fc.nat(0xffff_ffff).map((n) => number(VALUE.u32, n)),
      fc.nat(3).map((n) => number(VALUE.bool, n)),
      fc.bigInt({ min: 0n, max: 2n ** 63n }).map((n) => number(VALUE.fileTime, n)),
      fc.constantFrom(
        nothing(),
        nothing(4),
        sid('S-1-5-32-544'),
        guid('00'.repeat(16)),
        texts('a', 'b'),
        texts('c'),
      ),
      fc.uint8Array({ maxLength: 9 }).map((bytes): ValueSpec => ({ type: VALUE.ansi, bytes })),
      fc.uint8Array({ maxLength: 9 }).map((bytes): ValueSpec => ({ type: VALUE.u16 | 0x80, bytes })),
      fc.constant(fragment({ elements: [{ name: 'Inner', content: ['x'] }] })),
    )
    const name = fc.constantFrom('A', 'B', 'C c', 'Cc', 'Level', 'message', 'Data', 'param1', '__proto__')
    const child = fc.record({
      name: fc.constantFrom('Data', 'Data', 'Data', 'Binary', 'Leaf'),
      dependency: fc.constantFrom(0xffff, 0xffff, 0, 1, 9),
      key: fc.option(name, { nil: undefined }),
      content: fc.array(
        fc.oneof(fc.constantFrom(slot(0), slot(1), slot(2), slot(7)), fc.constantFrom('', 'text')),
        { maxLength: 2 },
      ),
    })
    const section = fc.record({
      isUserData: fc.boolean(),
      children: fc.array(child, { maxLength: 5 }),
      values: fc.array(value, { maxLength: 4 }),
    })
    let plannedCount = 0
    fc.assert(
      fc.property(section, ({ isUserData, children, values }) => {
        const content = children.map(
          ({ key, name: element, dependency, content: parts }): ElementSpec => ({
            name: element,
            dependency,
            ...(key === undefined ? {} : { attributes: [['Name', key]] }),
            content: parts,
          }),
        )
        const root: ElementSpec = isUserData
          ? { name: 'UserData', content: [{ name: 'Wrapper', content }] }
          : { name: 'EventData', content }
        const record = makeRecord({ id: 5, data: dataOf(root, ...values) })
        const { rows, planned: count } = write([record])
        const [planned] = rows
        plannedCount += count
        const [tree] = write([record], true).rows
        delete tree!['xml_string']
        expect(planned).toEqual(tree)
      }),
      {
        numRuns: 300,
        // Data behind another element.
        examples: [
          [
            {
              isUserData: false,
              children: [
                { name: 'Leaf', dependency: 0xffff, key: undefined, content: ['text'] },
                { name: 'Data', dependency: 0xffff, key: 'A', content: [slot(0)] },
              ],
              values: [number(VALUE.bool, 0)],
            },
          ],
        ],
      },
    )
    // That plans were used at all: of 300 random sections some 45 have one, by chance 29 in one run of hundreds.
    expect(plannedCount).toBeGreaterThan(10)
  })
})
