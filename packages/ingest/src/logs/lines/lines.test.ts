import { describe, expect, it } from 'vitest'
import { readLog } from '../testing/read-log.ts'

describe('logs of no known form', () => {
  it.each([
    ['2024-03-01 10:00:00,123 - root - INFO - started', '2024-03-01T10:00:00.123+00:00'],
    ['[2024-03-01T10:00:00.5+01:00] x', '2024-03-01T09:00:00.500+00:00'],
    ['I 2024.03.01-10:00:00 x', '2024-03-01T10:00:00+00:00'],
    ['Fri Mar  1 10:00:00 2024 x', '2024-03-01T10:00:00+00:00'],
    ['[01/Mar/2024:10:00:00 +0100] x', '2024-03-01T09:00:00+00:00'],
    ['3/1/2024 10:00:00 PM x', '2024-03-01T22:00:00+00:00'],
    ['1709287200.25: x', '2024-03-01T10:00:00.250+00:00'],
    ['20240301 10:00:00 x', '2024-03-01T10:00:00+00:00'],
    ['2024-03-01 10:00:00 status installed libc6:amd64', '2024-03-01T10:00:00+00:00'],
    ['10:00:00,5 2024-03-01 x', '2024-03-01T10:00:00.500+00:00'],
    ['10:00:00 2024-03-01 11:00:00 x', '2024-03-01T11:00:00+00:00'],
    ['03/01/24-10:00:00.765402  [**] [1:1:1] x', '2024-03-01T10:00:00.765402+00:00'],
  ])('have the time that stands in the line: %s', async (line, datetime) => {
    const { events, account } = await readLog(`${line}\n${line}\n`)
    expect(account.format).toBe('log/lines')
    expect(events[0]).toEqual({ datetime, data_type: 'text:log:line', message: line })
  })

  it.each([
    ['12/28-12:55:38.765402  [**] [1:408:5] x [**]', '-12-28T12:55:38.765402+00:00'],
    ['01-02 03:04:05.123   512   530 D Tag: x', '-01-02T03:04:05.123+00:00'],
    ['01-02 03:04:05.123 E/Tag( 512): x', '-01-02T03:04:05.123+00:00'],
    ['I0102 03:04:05.123456       1 main.go:12] x', '-01-02T03:04:05.123456+00:00'],
    ['Jan  2 03:04:05: x', '-01-02T03:04:05+00:00'],
    ['[Jan  2 03:04:05 +0100] x', '-01-02T02:04:05+00:00'],
    ['[Jan  2 03:04:05 -05:00] x', '-01-02T08:04:05+00:00'],
  ])('have the latest year that fits where a line says none, which is told: %s', async (line, rest) => {
    const { events, account, remarks } = await readLog(`${line}\n${line}\n`)
    expect(account.format).toBe('log/lines')
    const datetime = String(events[0]!['datetime'])
    expect(datetime.slice(4)).toBe(rest)
    const ageMs = Date.now() - Date.parse(datetime)
    expect(ageMs).toBeGreaterThan(-2 * 86_400_000)
    expect(ageMs).toBeLessThan(367 * 86_400_000)
    expect(remarks).toEqual([expect.stringMatching(/^2 lines have times without a year/)])
  })

  it.each(['[01/Mar/2024:10:00:00 +0100] x', '20240301T100000-0500 x', '2024.03.01-10:00 x'])(
    'have no remark of a year where a line says it: %s',
    async (line) => {
      const { events, remarks } = await readLog(`${line}\n${line}\n`)
      expect(String(events[0]!['datetime'])).toMatch(/^2024-03-01/)
      expect(remarks).toEqual([])
    },
  )

  it('have years from that of the first line on, where it is told', async () => {
    const days = ['[Nov 30', '[Dec 31', 'x [Jan  1', '[Jan  2', '[Feb 29', '[Jan  2']
    const lines = days.flatMap((day) => [`${day} 03:04:05 +0100] x`, '  more'])
    const snort = '01/09-12:55:38.765402  [**] x'
    const text = `${[...lines, snort].join('\n')}\n`
    for (const stretchBytes of [40, 4000]) {
      const { events, remarks } = await readLog(text, { year: 2003, stretchBytes })
      expect(events.map(({ datetime }) => String(datetime).slice(0, 10))).toEqual([
        ...['2003-11-30', '2003-12-31', '2004-01-01', '2004-01-02', '2004-02-29', '2005-01-02'],
        '2005-01-09',
      ])
      expect(remarks).toContain('Times without a year begin in 2003, as asked.')
      expect(remarks.join()).not.toContain('latest')
    }
  })

  it.each([
    ['03/01/26 10:00:00 x', '2026-03-01', 'month, day and year'],
    ['[3/1/26, 10:00:00 AM] x', '2026-03-01', 'month, day and year'],
    ['03-01-99 10:00 x', '1999-03-01', 'month, day and year'],
    ['01.03.26 10:00:00,5 x', '2026-03-01', 'day, month and year'],
    ['13/01/26 10:00:00 x', '2026-01-13', 'day, month and year'],
    ['26/03/01 10:00:00 INFO x', '2026-03-01', 'year, month and day'],
  ])(
    'have years of two digits, and it is told in which order they are read: %s',
    async (line, day, order) => {
      const changedUs = Date.UTC(2026, 3) * 1000
      const { events, account, remarks } = await readLog(`${line}\n${line}\n`, { changedUs })
      expect(account.format).toBe('log/lines')
      expect(String(events[0]!['datetime'])).toMatch(new RegExp(`^${day}T10:00:00`))
      expect(remarks).toEqual([expect.stringContaining(`read as ${order}`)])
    },
  )

  it('have their days in the order in which they go by', async () => {
    const read = async (dates: readonly string[], options: { dayFirst?: boolean } = {}) => {
      const text = dates.map((date) => `${date} 10:00:00 x\n`).join('')
      const { events } = await readLog(text, { ...options, changedUs: Date.UTC(2026, 10) * 1000 })
      return events.map(({ datetime }) => String(datetime).slice(0, 10))
    }
    expect(await read(['10/01/26', '11/01/26', '02/02/26'])).toEqual([
      '2026-01-10',
      '2026-01-11',
      '2026-02-02',
    ])
    expect(await read(['01/10/26', '01/11/26', '02/02/26'])).toEqual([
      '2026-01-10',
      '2026-01-11',
      '2026-02-02',
    ])
    expect(await read(['01/10/26', '01/11/26'], { dayFirst: true })).toEqual(['2026-10-01', '2026-11-01'])
    expect(await read(['10/01/2026', '11/01/2026', '02/02/2026'])).toEqual([
      ...['2026-01-10', '2026-01-11', '2026-02-02'],
    ])
    expect(await read(['01/05/19', '01/07/20', '01/09/21'])).toEqual([
      '2019-01-05',
      '2020-01-07',
      '2021-01-09',
    ])
    expect(await read(['09/01/02', '09/01/03', '09/01/04'])).toEqual([
      '2009-01-02',
      '2009-01-03',
      '2009-01-04',
    ])
  })

  it.each([
    ['Fri Mar 1 10:00:00 2024 +0100: x', '2024-03-01T09:00:00+00:00'],
    ['Date: Fri, 01 Mar 2024 10:00:00 EST x', '2024-03-01T15:00:00+00:00'],
    ['Fri, 01 Mar 24 10:00:00 +0100 (CET)', '2024-03-01T09:00:00+00:00'],
    ['2024-03-01 10:00:00.5 CET [17] LOG:  x', '2024-03-01T09:00:00.500+00:00'],
    ['2024-03-01 10:00:00 ART x', '2024-03-01T10:00:00+00:00'],
    ['03/01/2024 10:00:00:123 NetpValidateName: x', '2024-03-01T10:00:00.123+00:00'],
    ['2024-03-01 10:00:00 WEST x', '2024-03-01T10:00:00+00:00'],
    ['01-Mar-24 10:00:00 x', '2024-03-01T10:00:00+00:00'],
  ])('have the zone that stands behind a time, and dates of mail and git: %s', async (line, datetime) => {
    const { events, remarks } = await readLog(`${line}\n${line}\n`)
    expect(events[0]).toMatchObject({ datetime, message: line })
    expect(remarks).toEqual([])
  })

  it('have no time in numbers that only look like a month and a day', async () => {
    const lines = [
      '01-02 03:04:05 x',
      '13/28-12:55:38.76 x',
      'score 12/28-12:55:38.7 x',
      'I0102 x',
      'X0102 03:04:05 x',
    ]
    await expect(readLog(lines.join('\n'))).rejects.toThrow(/found something that begins with/)
  })

  it('are no tables, even where a comma stands in each line', async () => {
    const lines = Array.from({ length: 30 }, (_, i) => `2024-03-01 10:00:${10 + i} x, y`)
    expect((await readLog(lines.join('\n'))).account.format).toBe('log/lines')
    const table = lines.map((line) => line.replace(' x', ',x'))
    expect((await readLog(table.join('\n'))).account.format).toBe('csv')
  })

  it('are no tables, with commas before milliseconds and in some of the lines below', async () => {
    const trace = [
      'Traceback (most recent call last):',
      '  File "a.py", line 3, in <module>',
      'ValueError: bad, very bad',
    ]
    const entry = (i: number) => `2026-03-01 10:00:0${i % 10},12${i % 10} ERROR x cannot open`
    const apart = Array.from({ length: 60 }, (_, i) => (i % 4 === 0 ? [entry(i), ...trace] : [entry(i)]))
    const even = Array.from({ length: 60 }, (_, i) =>
      i % 3 === 0 ? [entry(i), '  at a, line 3'] : [entry(i)],
    )
    for (const entries of [apart, even]) {
      const { account, rejects, events } = await readLog(entries.map((lines) => lines.join('\n')).join('\n'))
      expect(account.format).toBe('log/lines')
      expect(rejects).toEqual([])
      expect(events.map(({ datetime, message }) => [datetime, message])).toEqual(
        entries.map((lines, i) => [`2026-03-01T10:00:0${i % 10}.12${i % 10}+00:00`, lines.join('\n')]),
      )
    }
  })

  it('are no tables, where a cell more stands in some of the lines and nothing names them', async () => {
    const lines = Array.from(
      { length: 60 },
      (_, i) => `2026-03-01 10:00:00\tINFO\tdone${i % 5 ? '' : '\tmore'}`,
    )
    expect((await readLog(lines.join('\n'))).account).toMatchObject({
      format: 'log/lines',
      read: 60,
      rejected: 0,
    })
    const table = Array.from(
      { length: 60 },
      (_, i) => `2026-03-01 10:00:00\tINFO\tdone${i % 30 ? '' : '\tmore'}`,
    )
    expect((await readLog(table.join('\n'))).account).toMatchObject({ format: 'tsv', read: 60, rejected: 2 })
  })

  it('are no tables, though the words of their first line look like names', async () => {
    const lines = Array.from({ length: 12 }, (_, i) => `2026-03-01 10:00:${10 + i},123 INFO x`)
    const read = async (first: string) => (await readLog([first, ...lines].join('\n'))).account
    expect(await read('Service log, build')).toMatchObject({ format: 'log/lines', read: 13, rejected: 1 })
    expect((await readLog(['Service log', ...lines].join('\n'))).rejects).toMatchObject([
      {
        line: 1,
        reason: 'no-time',
        detail: expect.stringMatching(/^expected a line with a time, .* found one/),
      },
    ])
    const named = lines.map((line) => line.replace(',123 ', ','))
    expect((await readLog(['Time,Text', ...named].join('\n'))).account).toMatchObject({
      format: 'csv',
      read: 12,
    })
    expect(await read('Time,Text')).toMatchObject({ format: 'csv', read: 12, rejected: 0 })
  })

  it('are tables where somebody says so, however uneven their rows are', async () => {
    const lines = Array.from(
      { length: 60 },
      (_, i) => `2026-03-01 10:00:00\tINFO\tdone${i % 3 ? '' : '\tmore'}`,
    )
    const text = lines.join('\n')
    expect((await readLog(text)).account.format).toBe('log/lines')
    for (const options of [
      { format: 'csv' },
      { map: { time: 'column_1' } },
      { map: { message: 'column_3' } },
    ] as const) {
      const { account } = await readLog(text, options)
      expect(account).toMatchObject({
        format: 'tsv',
        read: 60,
        rejected: 20,
        reasons: { 'wrong-column-count': 20 },
      })
    }
    for (const map of [{ timestamp_desc: '=Logon' }, { time: 'datetime' }, { summary: 'message' }])
      expect((await readLog(text, { map })).account).toMatchObject({ format: 'log/lines', rejected: 0 })
    const joined = lines.map((line) => line.replace(' ', '\t')).join('\n')
    expect((await readLog(joined, { format: 'csv' })).remarks).toEqual([
      '"column_1" and "column_2" were joined to the time of the event, as date and clock; option "map" time=FIELD says otherwise.',
    ])
  })

  it('are tables and logs of Windows, with tabs behind the date and colons in front of milliseconds', async () => {
    const lines = Array.from(
      { length: 20 },
      (_, i) => `2026-03-01\t10:00:${10 + i}:123\t1234\t5678\tAgent\tx, y ${i}`,
    )
    const even = await readLog(lines.join('\n'))
    expect(even.account).toMatchObject({ format: 'tsv', rejected: 0 })
    expect(even.mapping.times[0]!.fields).toEqual(['column_1', 'column_2'])
    expect(even.remarks).toEqual([expect.stringContaining('were joined')])
    const uneven = lines.map((line, i) => (i % 2 ? line.replace('\tAgent', '') : line))
    const { events, account } = await readLog(uneven.join('\n'))
    expect(account).toMatchObject({ format: 'log/lines', read: 20 })
    expect(events[0]!['datetime']).toBe('2026-03-01T10:00:10.123+00:00')
  })

  it('are no logs without times', async () => {
    await expect(readLog('hello\nworld\nas it is\n')).rejects.toThrow(
      /expected .* found something that begins with/,
    )
  })
})
