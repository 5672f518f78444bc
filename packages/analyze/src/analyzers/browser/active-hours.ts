import { percentile } from '../percentile.ts'

/** Hours that a person usually works in, found from how much happened in each. */
export interface ActiveHours {
  /** Hours of the day, ascending. */
  readonly hours: readonly number[]
  /** Events from which an hour counts as busy. */
  readonly threshold: number
}

/** How many hours a working day may have. */
const FEWEST_HOURS = 3
const MOST_HOURS = 12

/**
 * Finds the hours that somebody is active in: of four thresholds the one that leaves most hours, if these are a working day; of
 * these hours one run, or two around midnight. Rule: Timesketch 20261014 (lib/analyzers/browser_timeframe.py).
 *
 * @param counts - Events by hour of the day, without hours in which nothing happened.
 */
export function findActiveHours(counts: ReadonlyMap<number, number>): ActiveHours {
  const values = [...counts.values()]
  const mean = values.reduce((sum, count) => sum + count, 0) / values.length
  const busy = (threshold: number): number[] =>
    [...counts]
      .filter(([, count]) => count >= threshold)
      .map(([hour]) => hour)
      .toSorted((a, b) => a - b)
  const thresholds = [
    percentile(values, 75) - mean,
    percentile(values, 75),
    percentile(values, 50),
    percentile(values, 25),
  ]
  let best = { threshold: thresholds[0]!, count: 0 }
  for (const threshold of thresholds) {
    const { length } = busy(threshold)
    const count = length >= FEWEST_HOURS && length <= MOST_HOURS ? length : 0
    if (count > best.count) best = { threshold, count }
  }
  return { hours: joinRuns(busy(best.threshold)), threshold: best.threshold }
}

/** The first and the last active hour, which is the earlier one where the day goes on past midnight. */
export function boundsOfDay(hours: readonly number[]): readonly [first: number, last: number] {
  const runs = listRuns(hours)
  if (runs.length < 2) return [hours[0]!, hours.at(-1)!]
  return [runs[1]![0], runs[0]![1]]
}

type Run = readonly [start: number, end: number]

/** Closes gaps of one hour; of more than two runs the first, from midnight on, and the last stay. */
function joinRuns(hours: readonly number[]): readonly number[] {
  const runs = listRuns(hours)
  if (runs.length <= 1 || (runs.length === 2 && runs[0]![0] === 0)) return hours
  const closed = [...hours]
  for (const [at, [, end]] of runs.entries()) if (runs[at + 1]?.[0] === end + 2) closed.push(end + 1)
  closed.sort((a, b) => a - b)
  const joined = listRuns(closed)
  if (joined.length <= 2) return closed
  return [...range(0, joined[0]![1]), ...range(...joined.at(-1)!)]
}

function listRuns(hours: readonly number[]): readonly Run[] {
  const runs: [number, number][] = []
  for (const hour of hours) {
    const last = runs.at(-1)
    if (last && hour === last[1] + 1) last[1] = hour
    else runs.push([hour, hour])
  }
  return runs
}

function range(start: number, end: number): readonly number[] {
  return Array.from({ length: end - start + 1 }, (_, at) => start + at)
}
