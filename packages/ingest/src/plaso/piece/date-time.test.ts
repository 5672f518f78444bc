import { describe, expect, it } from 'vitest'
import { DateTimeWriter, findNanoseconds } from './date-time.ts'

function stored(name: string, payload: string): string {
  return `{"__class_name__": "${name}", "__type__": "DateTimeValues", ${payload}}`
}

describe('exact times', () => {
  it.each([
    ['Filetime', '"timestamp": 116444736000000015', 2n, 1500n],
    ['PosixTimeInNanoseconds', '"timestamp": 1758718266357516500', 1758718266357517n, 1758718266357516500n],
    ['APFSTime', '"timestamp": -1500', -2n, -1500n],
    ['UUIDTime', '"timestamp": 122192928000000001', 0n, 100n],
    ['DotNetDateTime', '"timestamp": 621355968000000001', 0n, 100n],
    [
      'TimeElementsInNanoseconds',
      '"time_elements_tuple": {"__type__": "tuple", "values": [1970, 1, 1, 1, 0, 0, 7], "x": 1}',
      3_600_000_000n,
      3_600_000_000_007n,
    ],
    ['PosixTimeInNanoseconds', '"time_zone_offset": 60, "timestamp": 3600000000001', 0n, 1n],
  ])('of %s with %s', (name, payload, us, ns) => {
    expect(us * 1000n + BigInt(findNanoseconds(stored(name, payload), us))).toBe(ns)
  })

  it('count only where they agree with the event, and where their class is finer than a microsecond', () => {
    expect(findNanoseconds(stored('APFSTime', '"timestamp": 1500'), 7n)).toBe(0)
    expect(findNanoseconds(stored('PosixTime', '"timestamp": 1'), 1_000_000n)).toBe(0)
    expect(findNanoseconds('nothing', 0n)).toBe(0)
  })

  it('are written in UTC with six digits or nine, before 1970, beyond the year 9999, and not beyond all calendars', () => {
    const clock = new DateTimeWriter()
    expect(clock.write(0, 1)).toBe('1970-01-01T00:00:00.000000001+00:00')
    expect(clock.write(-1, 0)).toBe('1969-12-31T23:59:59.999999+00:00')
    expect(clock.write(0, -1)).toBe('1969-12-31T23:59:59.999999999+00:00')
    expect(clock.write(999_999, 1)).toBe('1970-01-01T00:00:00.999999001+00:00')
    expect(clock.write('400000000000000000', 0)).toBe('14645-06-30T15:06:40.000000+00:00')
    expect(clock.write('-20000000000000001', 0)).toBe('1336-03-23T12:26:39.999999+00:00')
    expect(clock.write('9223372036854775807', 0)).toBeUndefined()
  })
})

it('looks for the parts of a time no further than they can stand', () => {
  const text = stored('TimeElementsInNanoseconds', '"time_elements_tuple": {'.repeat(50_000))
  expect(findNanoseconds(text, 0n)).toBe(0)
})
