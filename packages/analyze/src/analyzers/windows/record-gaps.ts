/** Whole numbers in a row, both inclusive. */
export type NumberRange = readonly [first: number, last: number]

/** Which record numbers are missing; or, where that is more than half, which are there. */
export interface RecordGaps {
  readonly kind: 'missing' | 'included'
  readonly ranges: readonly NumberRange[]
}

/** What is missing between the lowest and the highest of some numbers, which may stand twice; undefined when nothing is. */
export function listGaps(numbers: readonly number[]): RecordGaps | undefined {
  const there = toRanges(numbers)
  if (there.length < 2) return undefined
  const missing = there.slice(1).map(([first], at): NumberRange => [there[at]![1] + 1, first - 1])
  const span = there.at(-1)![1] - there[0]![0] + 1
  const missingCount = missing.reduce((sum, [first, last]) => sum + last - first + 1, 0)
  return missingCount > span / 2 ? { kind: 'included', ranges: there } : { kind: 'missing', ranges: missing }
}

/** Numbers as ranges, ascending. */
export function toRanges(numbers: readonly number[]): readonly NumberRange[] {
  const ranges: [number, number][] = []
  for (const number of Float64Array.from(numbers).sort()) {
    const last = ranges.at(-1)
    if (last && number <= last[1] + 1) last[1] = number
    else ranges.push([number, number])
  }
  return ranges
}

/** Days that are listed at most: evidence may claim any year. */
const MAX_DAYS = 40_000

/** The days from one to another, both inclusive; the first `MAX_DAYS` of them. */
export function listDaysBetween(first: string, last: string): readonly string[] {
  const start = Date.parse(`${first}T00:00:00Z`)
  const end = Date.parse(`${last}T00:00:00Z`)
  const days: string[] = []
  for (let at = start; at <= end && days.length < MAX_DAYS; at += 86_400_000)
    days.push(new Date(at).toISOString().slice(0, 10))
  return days
}
