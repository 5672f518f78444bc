import { Buffer } from 'node:buffer'
import { formatIsoTime } from '@timeskein/model'
import { expect, it } from 'vitest'
import type { TimeNotes } from '../batch/time-notes.ts'
import { readEvidence } from './read-evidence.ts'
import type { ReadOptions } from './read-options.ts'

async function read(lines: readonly string[], options: ReadOptions = {}) {
  const times: string[] = []
  let notes: readonly TimeNotes[] = []
  let remarks: readonly string[] = []
  let rejected = 0
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(lines.join('\n'))
  }
  for await (const item of readEvidence({ stream: stream(), name: 'evidence' }, options)) {
    if (item.kind === 'batch')
      times.push(...[...item.batch.timesUs.subarray(0, item.batch.rowCount)].map((us) => formatIsoTime(us)))
    else if (item.kind === 'end') {
      notes = item.timeNotes
      remarks = item.remarks
      rejected = item.account.rejected
    }
  }
  return { times, notes, remarks, rejected }
}

const SECONDS = ['ts,what', '1700000000,a', '1700000001,b', '1700000002,c']

it('reads numbers of another unit in a column of seconds, and tells of them by unit', async () => {
  const rows = [...SECONDS, '1700000003123,d', '1700000004123456,e', '1700000005123,f', '12,g']
  for (const times of ['first', 'all'] as const) {
    const told = await read(rows, { times })
    expect(told.times.slice(3)).toEqual([
      '2023-11-14T22:13:23.123000+00:00',
      '2023-11-14T22:13:24.123456+00:00',
      '2023-11-14T22:13:25.123000+00:00',
      '1970-01-01T00:00:12+00:00',
    ])
    const common = { kind: 'other-unit', field: 'ts' }
    expect(told.notes).toEqual([
      {
        ...common,
        subject: 'epoch-ms',
        count: 2,
        firstLine: 5,
        detail: 'taken as epoch-ms in a column of epoch-s',
      },
      {
        ...common,
        subject: 'epoch-us',
        count: 1,
        firstLine: 6,
        detail: 'taken as epoch-us in a column of epoch-s',
      },
    ])
  }
})

it('tells of dates whose clock time is empty', async () => {
  const rows = [
    'date,time,what',
    '2024-01-02,10:00:00,whole',
    '2024-01-03,,no clock',
    '2024-01-04,,no clock',
    '2024-01-05T11:00:00,,whole in one',
    ',12:00:00,no date',
  ]
  for (const times of ['first', 'all'] as const) {
    const told = await read(rows, { times })
    expect(told.times).toEqual([
      '2024-01-02T10:00:00+00:00',
      '2024-01-03T00:00:00+00:00',
      '2024-01-04T00:00:00+00:00',
      '2024-01-05T11:00:00+00:00',
    ])
    expect(told.rejected).toBe(1)
    expect(told.notes).toEqual([
      { kind: 'no-clock', field: 'date and time', count: 2, firstLine: 3, detail: 'found only "2024-01-03"' },
    ])
  }
})

it.each([
  ['date', 'time', {}],
  ['Date', 'Seen', {}],
  ['Day', 'Late', { map: { time: 'Day+Late' } }],
] as const)(
  'takes a clock in words for nothing for an empty one: %s and %s',
  async (date, clock, options) => {
    const clocks = ['10:00:00', '-', '10:00:02', 'unknown', '10:00:03', '-1', 'n/a', '00:00', '10:00:04']
    const rows = [`${date},${clock},what`, ...clocks.map((text) => `2024-01-02,${text},did something`)]
    for (const times of ['first', 'all'] as const) {
      const told = await read(rows, { times, ...options })
      expect(told.rejected).toBe(0)
      expect(told.times.map((time) => time.slice(11, 19))).toEqual(
        clocks.map((text) => (text.startsWith('10') ? text : '00:00:00')),
      )
      const field = `${date} and ${clock}`
      const detail = 'found only "2024-01-02"'
      expect(told.notes).toEqual([{ kind: 'no-clock', field, count: 4, firstLine: 3, detail }])
    }
  },
)

it('knows midnight in clocks without colons', async () => {
  const rows = [
    'date,time,what',
    '20240102,000000,a',
    '20240102,0,b',
    '20240102,100000,c',
    '-,-,d',
    '-,100000,e',
  ]
  const told = await read(rows, { map: { time: 'date+time' } })
  expect(told.times.map((time) => time.slice(11, 19))).toEqual(['00:00:00', '00:00:00', '10:00:00'])
  expect([told.notes, told.rejected]).toEqual([[], 2])
})

it('reads times in the zone that the name of their column tells, whatever zone was asked for', async () => {
  const readTime = async (names: string, values: string) =>
    (await read([`${names},what`, `${values},x`], { timeZone: 'Asia/Tokyo' })).times[0]?.slice(0, 13)
  expect(await readTime('Date,Time (EST)', '2026-01-02,10:00:00')).toBe('2026-01-02T15')
  expect(await readTime('Date,Time (UTC+02:00)', '2026-01-02,10:00:00')).toBe('2026-01-02T08')
  expect(await readTime('When (Europe/Berlin)', '2026-07-02 10:00:00')).toBe('2026-07-02T08')
  expect(await readTime('Date,Time (local)', '2026-01-02,10:00:00')).toBe('2026-01-02T01')
  expect(await readTime('Date,Time (EST)', '2026-01-02,10:00:00Z')).toBe('2026-01-02T10')
  const options = { map: { time: 'Day+At [CET]' } }
  expect((await read(['Day,At [CET],what', '2026-01-02,10:00,x'], options)).times[0]?.slice(0, 13)).toBe(
    '2026-01-02T09',
  )
})

const L2T =
  'date,time,timezone,MACB,source,sourcetype,type,user,host,short,desc,version,filename,inode,notes,format,extra'
const makeL2t = (zone: string): string => `01/02/2024,10:00:00,${zone},M...,LOG,x,y,-,h,s,d,2,f,1,-,p,-`

it('tells of zones that are not known, by zone, and takes those times as of none', async () => {
  const zones = ['Europe/Berlin', 'Mars/Base', 'UTC', 'Atlantis', 'Mars/Base', '']
  const { times, notes } = await read([L2T, ...zones.map(makeL2t)])
  expect(times.map((time) => time.slice(11, 13))).toEqual(['09', '10', '10', '10', '10', '10'])
  const common = { kind: 'unknown-zone', field: 'timezone', detail: 'taken as UTC' }
  expect(notes).toEqual([
    { ...common, subject: 'Mars/Base', count: 2, firstLine: 3 },
    { ...common, subject: 'Atlantis', count: 1, firstLine: 5 },
  ])
})

it('counts very many unknown zones together', async () => {
  const rows = Array.from({ length: 500 }, (_, i) => makeL2t(`Mars/Base${i}`))
  const { notes } = await read([L2T, ...rows])
  expect(notes).toHaveLength(21)
  expect(notes.reduce((sum, { count }) => sum + count, 0)).toBe(500)
  expect(notes.at(-1)).toEqual({
    kind: 'unknown-zone',
    field: 'timezone',
    count: 480,
    firstLine: 22,
    detail: 'taken as UTC',
  })
})

it('tells of a time that is only dates, and of none where one has a clock', async () => {
  const dates = ['when,what', '2024-01-02,a', '2024-01-03,b']
  const { times, remarks } = await read(dates)
  expect(times).toEqual(['2024-01-02T00:00:00+00:00', '2024-01-03T00:00:00+00:00'])
  expect(remarks).toEqual([expect.stringMatching(/^The values of "when" .* are dates without a clock/)])
  expect((await read(['day,what', '20240102,a'], { map: { time: 'day' } })).remarks).toHaveLength(1)
  for (const more of [
    [...dates, '2024-01-04 10:00,c'],
    ['when,what', '2024-01-02T00:00:00Z,a'],
    ['when,what', '20240102T000000Z,a'],
    ['ts,what', '1700006400,a'],
  ])
    expect((await read(more)).remarks).toEqual([])
})

it('tells which fields were joined to a time, unless somebody said so', async () => {
  const rows = ['Day,Clock,What', '2024-01-02,10:00:00,x']
  const joined = [expect.stringMatching(/^"Day" and "Clock" were joined to the time of the event/)]
  expect(await read(rows)).toMatchObject({ times: ['2024-01-02T10:00:00+00:00'], remarks: joined })
  expect((await read(rows, { map: { time: 'Day+Clock' } })).remarks).toEqual([])
})
