import { formatIsoTime } from '@timeskein/model'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTime } from './read-time.ts'
import type { TimeOptions } from './time-format.ts'
import { TimeReader } from './time-reader.ts'
import { isUnsetNumber } from './unset-time.ts'

/** The time as ISO text, or why there is none. */
function show(value: string | number | bigint, options: TimeOptions = {}): string {
  const result = readTime(value, options)
  return result.ok ? formatIsoTime(result.time.us, result.time.nanos).replace('+00:00', 'Z') : result.problem
}

describe('times as text', () => {
  it.each([
    ['2020-10-21T15:04:05Z', '2020-10-21T15:04:05Z'],
    ['2020-10-21 15:04:05', '2020-10-21T15:04:05Z'],
    ['2020-10-21 15:04', '2020-10-21T15:04:00Z'],
    ['2020-10-21t15:04:05.5z', '2020-10-21T15:04:05.500000Z'],
    ['2020-10-21T15:04:05,123456789+02:00', '2020-10-21T13:04:05.123456789Z'],
    ['2020-10-21T15:04:05.1234567891234-0330', '2020-10-21T18:34:05.123456789Z'],
    ['2020-10-21T15:04:05+05', '2020-10-21T10:04:05Z'],
    ['20201021T150405Z', '2020-10-21T15:04:05Z'],
    ['20201021T1504+0200', '2020-10-21T13:04:00Z'],
    ['20201021', '2020-10-21T00:00:00Z'],
    ['20201021150405', '2020-10-21T15:04:05Z'],
    ['202010211504', '2020-10-21T15:04:00Z'],
    ['2020-10', '2020-10-01T00:00:00Z'],
    ['2020-W43-3', '2020-10-21T00:00:00Z'],
    ['2020W433T10', '2020-10-21T10:00:00Z'],
    ['2020-W01', '2019-12-30T00:00:00Z'],
    ['2020-295', '2020-10-21T00:00:00Z'],
    ['2020295T1030', '2020-10-21T10:30:00Z'],
    ['2020-10-21T15,5', '2020-10-21T15:30:00Z'],
    ['2020-10-21T24:00:00', '2020-10-22T00:00:00Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
    ['+012020-10-21T00:00:00Z', '+012020-10-21T00:00:00Z'],
    ['-0044-03-15', '-000044-03-15T00:00:00Z'],
    ['0001-01-01', '0001-01-01T00:00:00Z'],
    ['1601-01-01T00:00:00.0000000Z', '1601-01-01T00:00:00Z'],
    ['9999-12-31T23:59:59.9999999Z', '9999-12-31T23:59:59.999999900Z'],
    ['2020-10-21T15:04:05+02:00[Europe/Berlin]', '2020-10-21T13:04:05Z'],
    ['2020-10-21 15:04:05 Europe/Berlin', '2020-10-21T13:04:05Z'],
    ['2020-10-21 15:04:05.123456789 +0000 UTC m=+0.01', '2020-10-21T15:04:05.123456789Z'],
    ['2020/10/21 15:04:05', '2020-10-21T15:04:05Z'],
    ['2020:10:21 15:04:05', '2020-10-21T15:04:05Z'],
  ])('reads ISO 8601 and its relatives: %s', (text, expected) => {
    expect(show(text)).toBe(expected)
  })

  it.each([
    ['10/Oct/2000:13:55:36 -0700', '2000-10-10T20:55:36Z'],
    ['[10/Oct/2000:13:55:36 -0700]', '2000-10-10T20:55:36Z'],
    ['Wed, 21 Oct 2020 15:04:05 -0700 (PDT)', '2020-10-21T22:04:05Z'],
    ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37Z'],
    ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37Z'],
    ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37Z'],
    ['Sun Nov  6 08:49:37 EST 1994', '1994-11-06T13:49:37Z'],
    ['Fri Mar 1 10:00:00 2024 +0100', '2024-03-01T09:00:00Z'],
    ['Fri Mar  1 10:00:00 2024 -0530', '2024-03-01T15:30:00Z'],
    ['Fri, 01 Mar 2024 10:00:00 +0100', '2024-03-01T09:00:00Z'],
    ['Fri, 1 Mar 2024 10:00 EDT', '2024-03-01T14:00:00Z'],
    ['1 Mar 24 10:00:00 UT', '2024-03-01T10:00:00Z'],
    ['Fri, 01 Mar 124 10:00:00 PST (Pacific)', '2024-03-01T18:00:00Z'],
    ['Fri, 01 Mar 2024 10:00:00 K', '2024-03-01T10:00:00Z'],
    ['Fri, 01 Mar 2024 10:00:00 -0000', '2024-03-01T10:00:00Z'],
    ['21-Oct-2020 15:04', '2020-10-21T15:04:00Z'],
    ['21st Oct 2020 15:04 CEST', '2020-10-21T13:04:00Z'],
    ['Mar 2024', '2024-03-01T00:00:00Z'],
    ['October 21, 2020 at 3:04 PM', '2020-10-21T15:04:00Z'],
    ['10/21/2020 3:04:05 PM', '2020-10-21T15:04:05Z'],
    ['10/21/2020, 12:04:05 AM', '2020-10-21T00:04:05Z'],
    ['10/21/2020 3:04:05\u202fPM', '2020-10-21T15:04:05Z'],
    ['21.10.2020 15:04:05', '2020-10-21T15:04:05Z'],
    ['5/1/20 1:02 p.m.', '2020-05-01T13:02:00Z'],
    ['/Date(1600000000000)/', '2020-09-13T12:26:40Z'],
    ['\\/Date(1600000000000+0200)\\/', '2020-09-13T12:26:40Z'],
    ['20201021150405.123456+060', '2020-10-21T14:04:05.123456Z'],
    // JavaScript’s `toString`, in which GMT+0100 is an hour east of Greenwich; dateutil, where it reads it, has it west.
    ['Fri Mar 01 2024 10:15:00 GMT+0100 (Central European Standard Time)', '2024-03-01T09:15:00Z'],
    ['Fri Mar 01 2024 10:15:00 GMT+0100 (Mitteleuropäische Normalzeit)', '2024-03-01T09:15:00Z'],
    ['Fri Mar 01 2024 10:15:00 GMT-0500 (EST)', '2024-03-01T15:15:00Z'],
    ['Fri Mar 01 2024 10:15:00 GMT+0530', '2024-03-01T04:45:00Z'],
    ['Fri Mar 01 2024 10:15:00 GMT+0000 (Coordinated Universal Time)', '2024-03-01T10:15:00Z'],
  ])('reads the forms of logs and tools: %s', (text, expected) => {
    expect(show(text)).toBe(expected)
  })

  it.each([
    ['2020-13-01', 'expected a time, found "2020-13-01" (month 13 is not 1 to 12)'],
    [
      '2021-02-29T00:00:00Z',
      'expected a time, found "2021-02-29T00:00:00Z" (day 29 is not 1 to 28, as month 2 of 2021 has)',
    ],
    ['2020-01-01T25:00:00', 'expected a time, found "2020-01-01T25:00:00" (hour 25 is not 0 to 24)'],
    ['2020-01-01 10:61:00', 'expected a time, found "2020-01-01 10:61:00" (minute 61 is not 0 to 59)'],
    ['2020-W54-1', 'expected a time, found "2020-W54-1" (week 54 is not 1 to 53)'],
    ['13:00:00', 'expected a time, found "13:00:00" (a clock time without a date)'],
    [
      '2020-01-01 10:00 Mars/Base',
      'expected a time, found "2020-01-01 10:00 Mars/Base" (the zone "Mars/Base" is not known)',
    ],
    ['2020-01-01 10:00 K', 'expected a time, found "2020-01-01 10:00 K" (the zone "K" is not known)'],
    [
      'Fri Mar 1 10:00:00 CET 2024 +0100',
      'expected a time, found "Fri Mar 1 10:00:00 CET 2024 +0100" (unexpected text after the time)',
    ],
    ['hello', 'expected a time, found "hello"'],
    ['', 'expected a time, found no value'],
    ['x'.repeat(1000), 'expected a time, found a text of 1000 characters'],
  ])('says why %j is no time', (text, problem) => {
    expect(show(text)).toBe(problem)
  })

  it('reads day and month as the value shows, else as the option says, else month first but for points', () => {
    expect(show('21/10/2020', { dayFirst: false })).toBe('2020-10-21T00:00:00Z')
    expect(show('10/21/2020', { dayFirst: true })).toBe('2020-10-21T00:00:00Z')
    expect(show('01/02/2020', { dayFirst: true })).toBe('2020-02-01T00:00:00Z')
    expect(show('01/02/2020')).toBe('2020-01-02T00:00:00Z')
    expect(show('01.02.2020')).toBe('2020-02-01T00:00:00Z')
  })

  it('gives a time without a year the latest one that is not after the reference time by more than a day', () => {
    const referenceUs = Date.UTC(2020, 9, 11) * 1000
    expect(show('Oct 11 22:14:15', { referenceUs })).toBe('2020-10-11T22:14:15Z')
    expect(show('Oct 12 00:00:01', { referenceUs })).toBe('2019-10-12T00:00:01Z')
    expect(show('Feb 29 00:00:00', { referenceUs: Date.UTC(2019, 5, 1) * 1000 })).toBe('2016-02-29T00:00:00Z')
  })
})

describe('digits that are a date and a clock', () => {
  const formats = [
    undefined,
    'iso',
    'epoch',
    'epoch-s',
    'epoch-ms',
    'epoch-us',
    'epoch-ns',
    'filetime',
  ] as const

  /** What a column of each format makes of it, once for each answer. */
  const readEverywhere = (value: string | number | bigint): readonly string[] => {
    const found = formats.map((format) => {
      const reader = new TimeReader(format)
      return reader.read(value) ? formatIsoTime(reader.us).replace('+00:00', 'Z') : reader.explain()
    })
    return [...new Set(found)]
  }

  // As python-dateutil 2.9.0 has them, but for a second 60 and the fractions, which it cannot read.
  it.each([
    ['20240301101500', '2024-03-01T10:15:00Z'],
    ['202403011015', '2024-03-01T10:15:00Z'],
    [20240301101500, '2024-03-01T10:15:00Z'],
    [202403011015, '2024-03-01T10:15:00Z'],
    [20240301101500n, '2024-03-01T10:15:00Z'],
    ['190001010000', '1900-01-01T00:00:00Z'],
    ['209912312359', '2099-12-31T23:59:00Z'],
    ['20240301101560', '2024-03-01T10:16:00Z'],
    ['20240301101500.25', '2024-03-01T10:15:00.250000Z'],
    ['202403011015.5', '2024-03-01T10:15:30Z'],
    [' 202403011015 ', '2024-03-01T10:15:00Z'],
  ])('%s is read as such, whatever the column counts', (value, expected) => {
    expect(readEverywhere(value)).toEqual([expected])
  })

  it.each([
    ['20240230101500', 'day 30 is not 1 to 29, as month 2 of 2024 has'],
    ['202402301015', 'day 30 is not 1 to 29, as month 2 of 2024 has'],
    [20240230101500, 'day 30 is not 1 to 29, as month 2 of 2024 has'],
    [202402301015, 'day 30 is not 1 to 29, as month 2 of 2024 has'],
    ['202413011015', 'month 13 is not 1 to 12'],
    ['20240001101500', 'month 0 is not 1 to 12'],
    ['202403012515', 'hour 25 is not 0 to 24'],
    ['20240301106000', 'minute 60 is not 0 to 59'],
    ['20240301101561', 'second 61 is not 0 to 60'],
  ])('%s is refused, and no other moment', (value, problem) => {
    expect(readEverywhere(value)).toEqual([`expected a time, found "${value}" (${problem})`])
  })

  it('are in the zone of their column or row, and told among counts', () => {
    const reader = new TimeReader('epoch-ms', { timeZone: '+01:00' })
    expect(reader.read(202403011015) && formatIsoTime(reader.us)).toBe('2024-03-01T09:15:00+00:00')
    expect(reader.isInOtherUnit).toBe(true)
    expect(reader.read('202403011015', 'JST') && formatIsoTime(reader.us)).toBe('2024-03-01T01:15:00+00:00')
    expect(reader.read(1700000000123) && reader.isInOtherUnit).toBe(false)
    expect(new TimeReader('epoch').read('202403011015')).toBe(true)
  })

  it('are a count where the format fixes the unit', () => {
    const reader = new TimeReader('epoch-us', { isUnitFixed: true })
    for (const value of ['20240301101500', 20240301101500]) {
      expect(reader.read(value) && formatIsoTime(reader.us)).toBe('1970-08-23T06:18:21.101500+00:00')
      expect(reader.isInOtherUnit).toBe(false)
    }
  })

  it('leave counts of all other lengths and beginnings what they are', () => {
    expect(show('1709288100')).toBe('2024-03-01T10:15:00Z')
    expect(show('2024030110')).toBe('2034-02-20T06:35:10Z')
    expect(show('1709288100123')).toBe('2024-03-01T10:15:00.123000Z')
    expect(show('2024030110150')).toBe('2034-02-20T06:35:10.150000Z')
    expect(show('1709288100123456')).toBe('2024-03-01T10:15:00.123456Z')
    expect(show('2024030110150000')).toBe('2034-02-20T06:35:10.150000Z')
    expect(show('1709288100123456789')).toBe('2024-03-01T10:15:00.123456789Z')
    expect(show('170928810012')).toBe('1975-06-02T08:13:30.012000Z')
    expect(show('210100000000')).toBe('1976-08-28T17:06:40Z')
    expect(show(-202403011015)).toBe('1963-08-03T08:56:28.985000Z')
  })
})

describe('times as numbers', () => {
  it.each([
    ['1603292645', '2020-10-21T15:04:05Z'],
    ['1603292645.123456789', '2020-10-21T15:04:05.123456789Z'],
    ['1603292645123', '2020-10-21T15:04:05.123000Z'],
    ['1603292645123.4567', '2020-10-21T15:04:05.123456700Z'],
    ['1603292645123456', '2020-10-21T15:04:05.123456Z'],
    ['1603292645123456789', '2020-10-21T15:04:05.123456789Z'],
    ['132477662451234567', '2020-10-21T15:04:05.123456700Z'],
    ['13247766245123456', '2020-10-21T15:04:05.123456Z'],
    ['-1.5', '1969-12-31T23:59:58.500000Z'],
    ['0', '1970-01-01T00:00:00Z'],
    ['1.6e9', '2020-09-13T12:26:40Z'],
    [1603292645.123456, '2020-10-21T15:04:05.123456Z'],
    [-0.5, '1969-12-31T23:59:59.500000Z'],
    [1603292645123456789n, '2020-10-21T15:04:05.123456789Z'],
  ])('has the unit by size: %s', (value, expected) => {
    expect(show(value)).toBe(expected)
  })

  it('has the unit of the column where one is fixed', () => {
    const read = (format: 'epoch' | 'ticks' | 'epoch-ms', text: string) => {
      const reader = new TimeReader(format)
      return reader.readText(text) && formatIsoTime(reader.us, reader.nanos)
    }
    expect(read('epoch-ms', '5')).toBe('1970-01-01T00:00:00.005000+00:00')
    expect(read('ticks', '637388894451234567')).toBe('2020-10-21T15:04:05.123456700+00:00')
    expect(read('epoch', '132477662451234567')).toBe('1974-03-14T07:21:02.451234567+00:00')
    expect(read('epoch-ms', '2020-01-01')).toBe('2020-01-01T00:00:00+00:00')
  })

  it('reads a number in another unit than the column’s where it is a plausible time only there', () => {
    const written = [
      ['epoch-s', '1700000000'],
      ['epoch-ms', '1700000000123'],
      ['epoch-us', '1700000000123456'],
      ['epoch-ns', '1700000000123456789'],
      ['filetime', '133444736001234567'],
      ['webkit', '13344473600123456'],
    ] as const
    for (const format of [...written.map(([unit]) => unit), 'ticks' as const]) {
      const reader = new TimeReader(format)
      for (const [unit, text] of written) {
        expect(reader.readText(text), `${text} among ${format}`).toBe(true)
        expect(formatIsoTime(reader.us), `${text} among ${format}`).toMatch(/^2023-11-14T22:13:20/)
        expect(reader.foundFormat).toBe(unit)
        expect(reader.isInOtherUnit).toBe(unit !== format)
      }
    }
    const seconds = new TimeReader('epoch-s')
    expect(seconds.readNumber(1700000000123)).toBe(true)
    expect(formatIsoTime(seconds.us)).toBe('2023-11-14T22:13:20.123000+00:00')
    for (const text of ['5', '-1700000000123', '99999999999']) {
      expect(seconds.readText(text)).toBe(true)
      expect(seconds.isInOtherUnit).toBe(false)
      expect(seconds.seconds).toBe(Number(text))
    }
  })

  it('refuses what is no time that can be kept', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e300]) expect(readTime(value).ok).toBe(false)
    expect(readTime('9'.repeat(30)).ok).toBe(false)
  })
})

describe('zones of times without one', () => {
  it('takes the first of two occurrences and moves a skipped time forward by the gap', () => {
    const timeZone = 'Europe/Berlin'
    expect(show('2020-07-01 12:00:00', { timeZone })).toBe('2020-07-01T10:00:00Z')
    expect(show('2020-10-25 02:30:00', { timeZone })).toBe('2020-10-25T00:30:00Z')
    expect(show('2020-10-25 03:00:00', { timeZone })).toBe('2020-10-25T02:00:00Z')
    expect(show('2020-03-29 02:30:00', { timeZone })).toBe('2020-03-29T01:30:00Z')
  })

  it('knows offsets and abbreviations, and lets the time’s own zone count', () => {
    expect(show('2020-07-01 12:00:00', { timeZone: '-0330' })).toBe('2020-07-01T15:30:00Z')
    expect(show('2020-07-01 12:00:00', { timeZone: 'JST' })).toBe('2020-07-01T03:00:00Z')
    expect(show('2020-07-01 12:00:00Z', { timeZone: 'JST' })).toBe('2020-07-01T12:00:00Z')
  })

  it('takes a row’s own zone over the column’s', () => {
    const reader = new TimeReader('iso', { timeZone: 'JST' })
    expect(reader.readText('2020-07-01 12:00:00', 'America/New_York')).toBe(true)
    expect(formatIsoTime(reader.us)).toBe('2020-07-01T16:00:00+00:00')
  })

  it('reads the same instant that Intl shows, at any time of any of these zones', () => {
    const zones = [
      'Europe/London',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
      'Africa/Casablanca',
    ]
    const seconds = fc.integer({ min: 0, max: 2_000_000_000 })
    fc.assert(
      fc.property(seconds, fc.constantFrom(...zones), (instant, timeZone) => {
        const wall = new Date(instant * 1000).toLocaleString('sv-SE', { timeZone })
        const result = readTime(wall, { timeZone })
        const found = result.ok ? Number(result.time.us / 1_000_000n) : Number.NaN
        expect(found).toBeLessThanOrEqual(instant)
        expect(new Date(found * 1000).toLocaleString('sv-SE', { timeZone })).toBe(wall)
      }),
      { numRuns: 200 },
    )
  })

  it('refuses a zone that is not known', () => {
    expect(() => new TimeReader('iso', { timeZone: 'Mars/Base' })).toThrow(/expected a zone.*Mars\/Base/)
  })
})

describe('TimeReader', () => {
  it('writes any time into 64-bit microseconds without losing any', () => {
    const micros = fc.bigInt({ min: -9_000_000_000_000_000_000n, max: 9_000_000_000_000_000_000n })
    const times = new BigInt64Array(2)
    const words = new Int32Array(times.buffer)
    const reader = new TimeReader('epoch-ns', { isUnitFixed: true })
    fc.assert(
      fc.property(micros, fc.integer({ min: 0, max: 999 }), (us, nanos) => {
        const text = (us * 1000n + BigInt(nanos)).toString()
        fc.pre(!isUnsetNumber(Number(text)))
        expect(reader.readText(text)).toBe(true)
        expect(reader.store(words, 1)).toBe(nanos)
        expect(times[1]).toBe(us)
        expect(reader.us).toBe(us)
      }),
    )
  })

  it('reads back every time as it is written', () => {
    const reader = new TimeReader('iso')
    const micros = fc.bigInt({ min: -62_167_219_200_000_000n, max: 253_402_300_799_999_999n })
    fc.assert(
      fc.property(micros, (us) => {
        expect(reader.readText(formatIsoTime(us))).toBe(true)
        expect(reader.us).toBe(us)
      }),
    )
  })

  it('takes a small number in a column of texts for no time', () => {
    const reader = new TimeReader('iso')
    for (const value of ['0', '5000', 5, 2020, '-1']) expect(reader.read(value)).toBe(false)
    expect(reader.explain()).toBe('expected a time written as iso, as in the other rows, found the number -1')
    expect(reader.read('1603292645')).toBe(true)
    expect(reader.read('20201021')).toBe(true)
    expect(reader.read('20200230')).toBe(false)
    expect(reader.explain()).toContain('day 30 is not 1 to 29, as month 2 of 2020 has')
  })

  it('takes a year alone for its beginning in a column of ISO 8601, whatever stands beside it', () => {
    const reader = new TimeReader('iso', { timeZone: '+01:00' })
    expect(reader.readText('2020') && formatIsoTime(reader.us)).toBe('2019-12-31T23:00:00+00:00')
    expect(new TimeReader('slash').readText('2020')).toBe(false)
    expect(new TimeReader('epoch-s').readText('2020') && show('2020')).toBe('1970-01-01T00:33:40Z')
  })

  it('never throws and never reads beyond its bytes', () => {
    const alphabet = [...'0123456789', ...'TZ:-+./, ', 'Oct', 'Mon', 'PM', '(', ']', 'é', '\0']
    const text = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 30 })
    const reader = new TimeReader()
    fc.assert(
      fc.property(text, (body) => {
        const bytes = new TextEncoder().encode(body)
        const padded = new TextEncoder().encode(`12:3${body}45:06 2020Z`)
        const found = reader.readBytes(bytes, 0, bytes.length) ? reader.us : reader.explain()
        const again = reader.readBytes(padded, 4, 4 + bytes.length) ? reader.us : reader.explain()
        expect(again).toBe(found)
      }),
      { numRuns: 2000 },
    )
  })
})

it('takes what stands for a time never set for no time, in columns of numbers', () => {
  for (const format of [
    'filetime',
    'webkit',
    'ticks',
    'epoch-s',
    'epoch-ms',
    'epoch-us',
    'epoch-ns',
  ] as const) {
    const reader = new TimeReader(format)
    for (const text of ['0', '-1', '9223372036854775807', '18446744073709551615']) {
      expect(reader.readText(text), `${format} ${text}`).toBe(false)
      expect(reader.explain()).toBe(`${text} stands for a time that was not set, in a column of ${format}`)
    }
    for (const number of [0, -1, 2 ** 63])
      expect(reader.readNumber(number), `${format} ${number}`).toBe(false)
    expect(reader.readText('100')).toBe(true)
  }
  expect(new TimeReader('filetime').readText('-864000000000')).toBe(false)
  expect(new TimeReader('epoch-s').readText('-5')).toBe(true)
  const text = new TimeReader('iso')
  for (const number of ['0', '-1', '9223372036854775807', '18446744073709551615']) {
    expect(text.readText(number), number).toBe(false)
    expect(text.readNumber(Number(number)), number).toBe(false)
  }
  // A number that says itself what it counts by its size: Timesketch's and Plaso's 0 is 1970.
  expect(new TimeReader('epoch').readText('0')).toBe(true)
})
