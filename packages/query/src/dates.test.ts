import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveDate } from './dates.ts'

const nowUs = BigInt(Date.UTC(2024, 4, 15, 13, 45, 30, 250)) * 1000n

function read(text: string | number, roundUp = false, timeZone?: string): string | undefined {
  const date = resolveDate(text, { roundUp, nowUs, ...(timeZone === undefined ? {} : { timeZone }) })
  if (date === undefined) return undefined
  const ms = Number(date.us / 1000n) - (date.us % 1000n < 0n ? 1 : 0)
  const rest = ((date.us % 1000n) + 1000n) % 1000n
  const fraction = `${String(rest).padStart(3, '0')}${String(date.nanos).padStart(3, '0')}`
  return new Date(ms).toISOString().replace('Z', fraction === '000000' ? 'Z' : `${fraction}Z`)
}

describe('dates', () => {
  it.each<[string | number, string, string]>([
    ['2024', '2024-01-01T00:00:00.000Z', '2024-01-01T23:59:59.999999999Z'],
    [2024, '2024-01-01T00:00:00.000Z', '2024-01-01T23:59:59.999999999Z'],
    ['2024-03', '2024-03-01T00:00:00.000Z', '2024-03-01T23:59:59.999999999Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z', '2024-02-29T23:59:59.999999999Z'],
    ['2024-01-02T', '2024-01-02T00:00:00.000Z', '2024-01-02T23:59:59.999999999Z'],
    ['2024-01-02T03', '2024-01-02T03:00:00.000Z', '2024-01-02T03:59:59.999999999Z'],
    ['2024-01-02T03:04', '2024-01-02T03:04:00.000Z', '2024-01-02T03:04:59.999999999Z'],
    ['2024-01-02T03:04:05', '2024-01-02T03:04:05.000Z', '2024-01-02T03:04:05.999999999Z'],
    ['2024-01-02 03:04:05', '2024-01-02T03:04:05.000Z', '2024-01-02T03:04:05.999999999Z'],
    ['2024-01-02T03:04:05.5', '2024-01-02T03:04:05.500Z', '2024-01-02T03:04:05.500999999Z'],
    ['2024-01-02T03:04:05.123456789Z', '2024-01-02T03:04:05.123456789Z', '2024-01-02T03:04:05.123456789Z'],
    ['2024-01-02T03:04:05+02:00', '2024-01-02T01:04:05.000Z', '2024-01-02T01:04:05.999999999Z'],
    ['2024-01-02T03:04:05-0530', '2024-01-02T08:34:05.000Z', '2024-01-02T08:34:05.999999999Z'],
    ['1714557600000', '2024-05-01T10:00:00.000Z', '2024-05-01T10:00:00.000999999Z'],
    ['-1', '1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999999999Z'],
    ['20240101', '1970-01-01T05:37:20.101Z', '1970-01-01T05:37:20.101999999Z'],
    ['1601-01-01', '1601-01-01T00:00:00.000Z', '1601-01-01T23:59:59.999999999Z'],
    ['now', '2024-05-15T13:45:30.250Z', '2024-05-15T13:45:30.250Z'],
    ['now-1d', '2024-05-14T13:45:30.250Z', '2024-05-14T13:45:30.250Z'],
    ['now-1d/d', '2024-05-14T00:00:00.000Z', '2024-05-14T23:59:59.999999999Z'],
    ['now/w', '2024-05-13T00:00:00.000Z', '2024-05-19T23:59:59.999999999Z'],
    ['now/y', '2024-01-01T00:00:00.000Z', '2024-12-31T23:59:59.999999999Z'],
    ['now/h', '2024-05-15T13:00:00.000Z', '2024-05-15T13:59:59.999999999Z'],
    ['now+d', '2024-05-16T13:45:30.250Z', '2024-05-16T13:45:30.250Z'],
    ['2024-01-31||+1M/d', '2024-02-29T00:00:00.000Z', '2024-02-29T23:59:59.999999999Z'],
    ['2024-01-01||', '2024-01-01T00:00:00.000Z', '2024-01-01T00:00:00.000Z'],
  ])('%s', (text, start, end) => {
    expect(read(text)).toBe(start)
    expect(read(text, true)).toBe(end)
  })

  it.each([
    '',
    'xyz',
    '2024-13',
    '2024-02-30',
    '2024-01-01T24:00',
    '2024-1-1',
    'now/',
    'now-1x',
    'now-1d/2d',
    '1e9',
    '99999999999999999',
  ])('%j is none', (text) => {
    expect(read(text)).toBeUndefined()
  })
})

describe('zones', () => {
  it.each([
    ['2024-07-01', 'Europe/Zurich', '2024-06-30T22:00:00.000Z'],
    ['2024-01-01', 'Europe/Zurich', '2023-12-31T23:00:00.000Z'],
    ['2024-03-31T02:30:00', 'Europe/Zurich', '2024-03-31T01:30:00.000Z'],
    ['2024-10-27T02:30:00', 'Europe/Zurich', '2024-10-27T00:30:00.000Z'],
    ['2024-03-31||/d', 'Europe/Zurich', '2024-03-30T23:00:00.000Z'],
    ['2024-03-30T12:00:00||+1d', 'Europe/Zurich', '2024-03-31T10:00:00.000Z'],
    ['now/d', '+09:00', '2024-05-14T15:00:00.000Z'],
    ['2024-01-01T00:00:00Z', 'Asia/Tokyo', '2024-01-01T00:00:00.000Z'],
  ])('%s in %s', (text, zone, iso) => {
    expect(read(text, false, zone)).toBe(iso)
  })

  it('nobody knows make no date', () => {
    expect(read('2024', false, 'Mars/Olympus')).toBeUndefined()
  })
})

it('any text is read or not, without an exception', () => {
  const part = fc.constantFrom(
    'now',
    '||',
    '/d',
    '+1M',
    '-999999999y',
    '2024',
    '-01',
    'T10',
    ':00',
    'Z',
    '+14:00',
    '9',
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(part, { maxLength: 6 }).map((list) => list.join('')),
  )
  fc.assert(
    fc.property(text, fc.boolean(), (source, roundUp) => {
      const date = resolveDate(source, { roundUp, nowUs, timeZone: '+01:00' })
      if (date !== undefined) expect(date.nanos >= 0 && date.nanos < 1000).toBe(true)
    }),
    { numRuns: 2000 },
  )
})
