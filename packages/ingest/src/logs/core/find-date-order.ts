import { expandYear } from '../../time/short-year.ts'
import { countMonthDays } from '../../time/time-parts.ts'
import type { DateOrder } from './log-clock.ts'

const DATE = /(?<![\d.])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d),?[ \t]\d{1,2}:/
const DAY_MS = 86_400_000
/** Years by which orders must differ in their distance from the point of reference for that to say something. */
const FAR_YEARS = 5

interface NumericDate {
  readonly numbers: readonly [number, number, number]
  readonly hasPoints: boolean
  readonly isShort: boolean
}

interface Candidate {
  readonly order: DateOrder
  /** Milliseconds since 1970 of the dates that are ones in this order. */
  readonly days: readonly number[]
}

/**
 * Finds out in which order the numbers of a log's dates stand: of those that most of its dates allow, none of them in the future, the
 * one whose year stays while the days go by, else the one that lets the log go forward, else the day first where points part them.
 *
 * @param referenceUs - Microseconds since 1970 after which the log has no lines, usually the file's time of change.
 * @returns Undefined where nothing speaks for any of them.
 */
export function findDateOrder(lines: readonly string[], referenceUs: number): DateOrder | undefined {
  const dates = lines.flatMap(readDate)
  const areShort = dates.every(({ isShort }) => isShort)
  const orders: readonly DateOrder[] = areShort
    ? ['month-first', 'day-first', 'year-first']
    : ['month-first', 'day-first']
  const candidates = orders.map((order) => ({
    order,
    days: dates.map((date) => toDay(date, order)).filter((day) => day !== undefined),
  }))
  const referenceMs = referenceUs / 1000 + DAY_MS
  const allowed = keepMost(candidates, ({ days }) => days.length)
  const past = keepMost(allowed, ({ days }) => days.filter((day) => day <= referenceMs).length)
  if (past[0]?.days.length === 0) return undefined
  const [only] = past
  if (past.length === 1) return only?.order
  const turned = past.find(({ order }) => order === 'year-first')
  const others = past.filter((candidate) => candidate !== turned)
  if (turned && isYearFirst(dates, turned, others, referenceMs)) return 'year-first'
  if (others.length === 1) return others[0]!.order
  if (dates.every(({ hasPoints }) => hasPoints)) return 'day-first'
  const forward = keepMost(others, ({ days }) => -countSteps(days))
  return forward.length === 1 ? forward[0]!.order : undefined
}

function readDate(line: string): NumericDate[] {
  const match = DATE.exec(line)
  if (!match) return []
  const numbers = [Number(match[1]), Number(match[3]), Number(match[4])] as const
  return [{ numbers, hasPoints: match[2] === '.', isShort: match[4]!.length === 2 }]
}

function toDay(
  { numbers: [first, second, third], isShort }: NumericDate,
  order: DateOrder,
): number | undefined {
  const [year, month, day] =
    order === 'year-first'
      ? [expandYear(first), second, third]
      : [isShort ? expandYear(third) : third, ...(order === 'day-first' ? [second, first] : [first, second])]
  if (month! < 1 || month! > 12 || day! < 1 || day! > countMonthDays(year!, month!)) return undefined
  return Date.UTC(year!, month! - 1, day)
}

/** Those of which the most is true. */
function keepMost(candidates: readonly Candidate[], count: (candidate: Candidate) => number): Candidate[] {
  const most = Math.max(...candidates.map(count))
  return candidates.filter((candidate) => count(candidate) === most)
}

/** Whether the first number stays the same while the last one changes, more often than a year does, or is the only one near a year. */
function isYearFirst(
  dates: readonly NumericDate[],
  turned: Candidate,
  others: readonly Candidate[],
  referenceMs: number,
): boolean {
  const firsts = new Set(dates.map(({ numbers }) => numbers[0]))
  const lasts = new Set(dates.map(({ numbers }) => numbers[2]))
  const isSteady = firsts.size === 1 && lasts.size > 2
  const year = new Date(referenceMs).getUTCFullYear()
  const distance = ({ days }: Candidate): number => Math.abs(year - new Date(days.at(-1)!).getUTCFullYear())
  const nearest = Math.min(...others.map(distance))
  return distance(turned) < nearest + (isSteady ? FAR_YEARS : -FAR_YEARS)
}

/** How often a day lies before the one above it. */
function countSteps(days: readonly number[]): number {
  return days.filter((day, place) => place > 0 && day < days[place - 1]!).length
}
