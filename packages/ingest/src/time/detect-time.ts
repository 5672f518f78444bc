import type { TimeDetection, TimeFormat } from './time-format.ts'
import { TimeReader } from './time-reader.ts'
import { saysNothing } from './unset-time.ts'
import { isYear } from './year-alone.ts'

/** .NET ticks of the years 2000 to 2050, which as nanoseconds since 1970 would lie between 1989-12 and 1990-07. */
const TICKS_FROM = 630_822_816_000_000_000
const TICKS_TO = 646_602_048_000_000_000

/**
 * Finds out how a column writes its times.
 *
 * @param samples - Values as parsed (texts, numbers); those that say nothing (empty, `n/a`, 0, -1) are passed over.
 * @param fieldName - The column's name: `ticks` in it speaks for .NET ticks, and `datetime` (Timesketch's) for years where there
 * is nothing else.
 * @returns Undefined when not one sample is a time.
 */
export function detectTimeFormat(samples: readonly unknown[], fieldName = ''): TimeDetection | undefined {
  const reader = new TimeReader(undefined, { referenceUs: Number.MAX_SAFE_INTEGER })
  const counts = new Map<TimeFormat, number>()
  let present = 0
  let times = 0
  let ticks = 0
  let years = 0
  let dayFirst: boolean | undefined
  for (const sample of samples) {
    if (saysNothing(sample)) continue
    present++
    if (!reader.read(sample)) continue
    times++
    const format = reader.foundFormat
    if (isYear(sample)) {
      years++
      continue
    }
    counts.set(format, (counts.get(format) ?? 0) + 1)
    if (format === 'slash' && reader.order !== undefined) dayFirst ??= reader.order === 'day-first'
    const size = Number(sample)
    if (size >= TICKS_FROM && size < TICKS_TO) ticks++
  }
  if (times === 0) return undefined
  // Years alone go with the other values; by themselves they are as likely ids or seconds, unless the column's name says more.
  if (years === times)
    return { format: fieldName === 'datetime' ? 'iso' : 'epoch-s', dayFirst, share: times / present }
  let format: TimeFormat = 'iso'
  let most = 0
  for (const [name, count] of counts) {
    if (count > most) {
      most = count
      format = name
    }
  }
  if (format === 'epoch-ns' && ticks === times) format = 'ticks'
  if (/ticks/i.test(fieldName) && ticks > 0) format = 'ticks'
  return { format, dayFirst, share: times / present }
}
