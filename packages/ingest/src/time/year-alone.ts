import { countDays } from '@timeskein/model/events'
import type { TimeParts } from './time-parts.ts'

const SECONDS_PER_DAY = 86_400

/** Whether a value is a year of these times and nothing else, written as a text: a number is a count. */
export function isYear(value: unknown): value is string {
  return typeof value === 'string' && /^(?:19|20)\d\d$/.test(value)
}

/** Makes a time the beginning of a year, without a zone (ISO 8601-1:2019, section 5.2.2.2). */
export function setYear(parts: TimeParts, year: number): void {
  parts.seconds = countDays(year, 1, 1) * SECONDS_PER_DAY
  parts.nanos = 0
  parts.hasZone = false
  parts.format = 'iso'
  parts.order = undefined
}
