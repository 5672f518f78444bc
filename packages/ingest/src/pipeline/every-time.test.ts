import { Buffer } from 'node:buffer'
import { formatIsoTime, type Reject } from '@timeskein/model'
import { expect, it } from 'vitest'
import { MAX_ROW_TIMES } from '../batch/row-clock.ts'
import type { TimeNotes } from '../batch/time-notes.ts'
import { readEvidence } from './read-evidence.ts'
import type { ReadOptions } from './read-options.ts'

interface Told {
  /** Line, time and description of each event. */
  readonly events: readonly (readonly [line: number, time: string, description: unknown])[]
  readonly sources: readonly Record<string, unknown>[]
  readonly texts: readonly string[]
  readonly rejects: readonly Reject[]
  readonly unread: readonly TimeNotes[]
  readonly read: number
}

async function read(text: string, options: ReadOptions = { times: 'all' }): Promise<Told> {
  const events: (readonly [number, string, unknown])[] = []
  const sources: Record<string, unknown>[] = []
  const texts: string[] = []
  const rejects: Reject[] = []
  let unread: readonly TimeNotes[] = []
  let rows = 0
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text)
  }
  for await (const item of readEvidence({ stream: stream(), name: 'evidence' }, options)) {
    if (item.kind === 'batch') {
      const { source, timesUs, nanos, lines, rowCount } = item.batch
      for (let row = 0; row < rowCount; row++) {
        const bytes = source.bytes.subarray(source.offsets[row], source.offsets[row + 1])
        const sourceText = Buffer.from(bytes).toString()
        texts.push(sourceText)
        const record = JSON.parse(sourceText) as Record<string, unknown>
        sources.push(record)
        events.push([lines[row]!, formatIsoTime(timesUs[row]!, nanos?.[row] ?? 0), record['timestamp_desc']])
      }
    } else if (item.kind === 'rejects') rejects.push(...item.rejects)
    else if (item.kind === 'end') {
      unread = item.timeNotes
      rows = item.account.read
    }
  }
  expect(rows).toBe(events.length + rejects.length)
  return { events, sources, texts, rejects, unread, read: rows }
}

const at = (day: number): string => `2024-01-0${day}T00:00:00+00:00`

it('makes no event of an empty cell, tells of one that cannot be read, and rejects a row without any time', async () => {
  const { events, rejects, unread } = await read(
    [
      'When,Seen,Removed,What',
      '2024-01-01,2024-01-02,2024-01-03,all three',
      '2024-01-01,,,only the first',
      '2024-01-01,garbage,2024-01-03,a bad one',
      '2024-01-01,rubbish,,another',
      'broken,N/A,,none',
      ',,,empty',
      '2024-01-01,2024-01-02,2024-01-03,all three',
    ].join('\n'),
  )
  expect(events).toEqual([
    [2, at(1), undefined],
    [2, at(3), 'Removed'],
    [2, at(2), 'Seen'],
    [3, at(1), undefined],
    [4, at(1), undefined],
    [4, at(3), 'Removed'],
    [5, at(1), undefined],
    [8, at(1), undefined],
    [8, at(3), 'Removed'],
    [8, at(2), 'Seen'],
  ])
  expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
    [6, 'bad-time'],
    [7, 'no-time'],
  ])
  expect(unread).toEqual([
    { kind: 'unread', field: 'Seen', count: 2, firstLine: 4, detail: 'expected a time, found "garbage"' },
  ])
})

it('makes one event of equal times, which says all that happened then', async () => {
  const header = 'EntryNumber,FileName,LastModified0x10,Created0x10,LastRecordChange0x10,LastAccess0x10'
  const { events } = await read(
    `${header}\n5,a.txt,2024-01-02,2024-01-01,2024-01-02,2024-01-01\n6,b.txt,2024-01-02,2024-01-02,,\n`,
  )
  expect(events).toEqual([
    [2, at(2), 'Content Modification Time; Metadata Modification Time'],
    [2, at(1), 'Creation Time; Last Access Time'],
    [3, at(2), 'Content Modification Time; Creation Time'],
  ])
})

it('takes two names of one time for one, and leaves the description of a row to its own time', async () => {
  const rows = [
    {
      datetime: '2024-01-01',
      timestamp: 1704067201000000,
      timestamp_desc: 'Logon',
      message: 'm',
      last_seen: '2024-01-02',
    },
    { timestamp: 1704067200000000, timestamp_desc: 'Logon', message: 'm', last_seen: '2024-01-01' },
    {
      datetime: 'x',
      timestamp: 1704067200000000,
      timestamp_desc: null,
      message: 'm',
      last_seen: '2024-01-02',
    },
  ]
  const { events, sources, unread } = await read(rows.map((row) => JSON.stringify(row)).join('\n'))
  expect(events).toEqual([
    [1, at(1), 'Logon'],
    [1, at(2), 'last_seen'],
    [2, at(1), 'Logon; last_seen'],
    [3, at(1), null],
    [3, at(2), 'last_seen'],
  ])
  expect(Object.keys(sources[1]!)).toEqual(Object.keys(rows[0]!))
  expect(sources[0]).toEqual(rows[0])
  expect(sources[1]).toMatchObject({ datetime: at(2), timestamp: 1704153600000000 })
  expect(sources[3]).toEqual(rows[2])
  expect(unread).toMatchObject([{ kind: 'unread', field: 'datetime', count: 1, firstLine: 3 }])
})

it('gives events of other times the datetime and timestamp of their own', async () => {
  const csv = 'datetime,timestamp,timestamp_desc,message,seen\n2024-01-01,1704067200000000,d,m,2024-01-02\n'
  const seen = { datetime: at(2), timestamp: '1704153600000000', timestamp_desc: 'seen', seen: '2024-01-02' }
  expect((await read(csv)).sources[1]).toMatchObject(seen)
  const json =
    '{"datetime":"2024-01-01","timestamp":1704067200000000,"message":"m","seen":"2024-01-02","timestamp_desc":"d"}\n'
  expect((await read(json)).sources[1]).toMatchObject({ ...seen, timestamp: 1704153600000000 })
  // Seconds are not Timesketch's timestamp.
  const other = await read('{"timestamp":1704067200,"what":"m","seen":"2024-01-02"}\n')
  expect(other.events.map(([, time]) => time).toSorted()).toEqual([at(1), at(2)])
  for (const source of other.sources) expect(source['timestamp']).toBe(1704067200)
})

it('keeps what a record has twice under one name, but for what it says itself', async () => {
  const { texts } = await read(
    '{"datetime":"2024-01-01","timestamp_desc":"d","timestamp_desc":"e","message":"m","user":"a","user":"b","seen":"2024-01-02"}\n',
  )
  const end = '"message":"m","user":"a","user":"b","seen":"2024-01-02"}'
  expect(texts).toEqual([
    `{"datetime":"2024-01-01","timestamp_desc":"d","timestamp_desc":"e",${end}`,
    `{"datetime":"${at(2)}","timestamp_desc":"seen",${end}`,
  ])
})

it('reads every time of a list, up to a limit that is told', async () => {
  const runs = ['2024-01-01', 'oops', '2024-01-02', '2024-01-02']
  const many = Array.from({ length: MAX_ROW_TIMES + 5 }, (_, day) => new Date(day * 86_400_000).toISOString())
  const { events, unread } = await read(
    `${JSON.stringify({ LastRunTimes: runs, name: 'a' })}\n${JSON.stringify({ LastRunTimes: many, name: 'b' })}\n`,
  )
  expect(events.slice(0, 2).map(([line, time]) => [line, time])).toEqual([
    [1, at(1)],
    [1, at(2)],
  ])
  expect(events.slice(2)).toHaveLength(MAX_ROW_TIMES)
  expect(unread).toEqual([
    {
      kind: 'unread',
      field: 'LastRunTimes',
      count: 6,
      firstLine: 1,
      detail: expect.stringContaining('oops'),
    },
  ])
})

it('judges a column by all of its values, and one that is empty for long by each', async () => {
  const rows = Array.from({ length: 60_000 }, (_, row) => {
    const seen = row < 100 ? 'x' : '2024-01-02'
    return row < 59_998 ? `2024-01-01,${seen},,,` : `2024-01-01,${seen},2024-01-03,1704412800,77`
  })
  const padding = 'x'.repeat(300)
  const text = `When,Seen,Late,removed,left,pad\n${rows.map((row) => `${row},${padding}`).join('\n')}\n`
  const { events, unread, read: count } = await read(text)
  expect(count).toBe(60_000 + 59_900 + 2 + 2)
  expect(unread).toMatchObject([{ kind: 'unread', field: 'Seen', count: 100, firstLine: 2 }])
  expect(events.slice(-4).map(([, time, description]) => [time, description])).toEqual([
    [at(1), undefined],
    [at(2), 'Seen'],
    [at(3), 'Late'],
    [at(5), 'removed'],
  ])
})

it('finds the times in the data of Windows events', async () => {
  const event = {
    Event: {
      System: { EventID: 1, TimeCreated: { '#attributes': { SystemTime: '2024-01-01T00:00:00Z' } } },
      EventData: { CreationUtcTime: '2024-01-02 00:00:00.000', Image: 'a.exe' },
    },
  }
  const { events } = await read(`${JSON.stringify(event)}\n`)
  expect(events).toEqual([
    [1, at(1), undefined],
    [1, at(2), 'CreationUtcTime'],
  ])
})

it('tells of times that gave way to others where one event is made of a row', async () => {
  const { events, unread } = await read(
    'datetime,timestamp,timestamp_desc,message\n2024-01-01,1704067200000000,d,m\nbroken,1704067200000000,d,m\n,1704067200000000,d,m\n',
    {},
  )
  expect(events.map(([line, time]) => [line, time])).toEqual([2, 3, 4].map((line) => [line, at(1)]))
  expect(unread).toEqual([
    { kind: 'unread', field: 'datetime', count: 1, firstLine: 3, detail: 'expected a time, found "broken"' },
  ])
})

it('says of a row that is dated by another field than the first what happened then', async () => {
  const rows = [
    'EntryNumber,Created0x10,LastModified0x10,FileName',
    '1,2024-01-01,2024-01-02,a',
    '2,2024-01-01,,b',
    '3,2024-01-01,never,c',
  ].join('\n')
  const modified = 'Content Modification Time'
  const { events, sources } = await read(rows, {})
  expect(events).toEqual([
    [2, at(2), undefined],
    [3, at(1), 'Creation Time'],
    [4, at(1), 'Creation Time'],
  ])
  expect(sources[1]).toEqual({
    timestamp_desc: 'Creation Time',
    EntryNumber: '2',
    Created0x10: '2024-01-01',
    FileName: 'b',
  })
  const told = await read(rows, { map: { timestamp_desc: '=File' } })
  expect(told.events.map(([, , description]) => description)).toEqual([undefined, undefined, undefined])
  const json = [
    { EntryNumber: 1, LastModified0x10: '2024-01-02', Created0x10: '2024-01-01' },
    { EntryNumber: 2, LastModified0x10: '', Created0x10: '2024-01-01', timestamp_desc: modified },
    { EntryNumber: 3, LastModified0x10: '', Created0x10: '2024-01-01', timestamp_desc: 'mine' },
  ]
  const own = await read(json.map((row) => JSON.stringify(row)).join('\n'), {})
  expect(own.events.map(([, , description]) => description)).toEqual([undefined, modified, 'mine'])
})
