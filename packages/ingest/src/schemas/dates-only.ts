import { TimeReader } from '../time/time-reader.ts'
import { saysNothing } from '../time/unset-time.ts'
import type { FieldSample, Mapping } from './mapping.ts'

/** Whether a text that is read as a time has no clock in it. */
export function isDateOnly(value: unknown): boolean {
  return typeof value === 'string' && !value.includes(':') && !/\d[T ]\d/.test(value)
}

/**
 * Says that the events of a text are at midnight where its time holds nothing but dates.
 *
 * @param fields - Values of the first records.
 * @returns Undefined where one of the values looked at has a clock, or none is a time.
 */
export function describeDatesOnly({ times }: Mapping, fields: readonly FieldSample[]): string | undefined {
  const [name, ...others] = times[0]!.fields
  if (others.length > 0) return undefined
  const values = fields.find((field) => field.name === name)?.values ?? []
  const reader = new TimeReader()
  let hasDates = false
  for (const value of values) {
    if (saysNothing(value) || !reader.read(value)) continue
    if (!isDateOnly(value) || !isMidnight(reader) || isEpoch(value)) return undefined
    hasDates = true
  }
  if (!hasDates) return undefined
  return `The values of ${JSON.stringify(name)} that were looked at are dates without a clock, so their events are at midnight. Where the clock stands in a field of its own, option "map" time=DATE+CLOCK joins them.`
}

function isMidnight({ seconds, nanosOfSecond }: TimeReader): boolean {
  return seconds % 86_400 === 0 && nanosOfSecond === 0
}

/** `1700006400`, as against `20260301`. */
function isEpoch(value: unknown): boolean {
  return /^\d+$/.test(String(value)) && String(value).length !== 8
}
