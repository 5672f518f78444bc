import type { Buffer } from 'node:buffer'
import { open } from 'node:fs/promises'
import { type PeekableSource, readChunks } from '../../containers/byte-source.ts'
import { FileSource } from '../../containers/file-source.ts'
import type { EvidencePlace } from '../../pipeline/evidence-plan.ts'
import { countMonthDays } from '../../time/time-parts.ts'
import { type DayOfMonth, listDates } from '../syslog/carry-year.ts'
import { findLatestYear, LEAP_YEARS, YearTracker } from './year-tracker.ts'

/** Of a text that is no file the part that is looked at: one that is longer gets its years line by line. */
const LOOKED_AT_BYTES: number = 32 * 1024 * 1024
const CHUNK_BYTES: number = 4 * 1024 * 1024
const DAY_MS = 86_400_000

/** The years of a text whose times have none. */
export interface YearSpan {
  /** Years of the first and of the last line. */
  readonly first: number
  readonly last: number
  /** They are earlier than the point of reference would have them, since only so each 29th of February is a day. */
  readonly isForLeapDays: boolean
}

/**
 * Finds the year of a text's first line: its last line is no later than the point of reference, and each step back over a turn of the
 * year is one year less. Where a 29th of February would fall into a year that has none, all are as much earlier as it takes.
 *
 * @param text - The text from its first byte, which stays to be read.
 * @param place - Where the bytes of the text are those of a file, it is looked at from end to end.
 * @returns Undefined where the text is too long to be looked at, or has no such times.
 */
export async function findYears(
  text: PeekableSource,
  place: EvidencePlace,
  isUtf8: boolean,
  referenceUs: number,
): Promise<YearSpan | undefined> {
  const counter = new TurnCounter()
  const head = await text.peek(CHUNK_BYTES)
  if (head.length < CHUNK_BYTES) counter.add(head)
  else if (isUtf8 && place.filePath !== undefined) {
    await using file = await open(place.filePath, 'r')
    for await (const chunk of readChunks(new FileSource(file), CHUNK_BYTES)) counter.add(chunk)
  } else {
    const sample = await text.peek(LOOKED_AT_BYTES)
    if (sample.length >= LOOKED_AT_BYTES) return undefined
    counter.add(sample)
  }
  const { last } = counter
  if (last === undefined) return undefined
  const reference = new Date(referenceUs / 1000 + DAY_MS)
  const latest = findLatestYear(last.month, last.day, reference) - counter.turns
  const first = findYearWithLeapDays(latest, counter.leapDays)
  return { first, last: first + counter.turns, isForLeapDays: first !== latest }
}

/** The latest first year in which each 29th of February is a day; that given where there is none. */
function findYearWithLeapDays(latest: number, leapDays: ReadonlySet<number>): number {
  for (let first = latest; first > latest - LEAP_YEARS; first--)
    if ([...leapDays].every((turns) => countMonthDays(first + turns, 2) === 29)) return first
  return latest
}

/** Counts turns of the year from the first line on. */
class TurnCounter {
  readonly #years = new YearTracker({ year: 0, day: 0 }, 0)
  last: DayOfMonth | undefined
  turns = 0
  /** Behind how many turns of the year there is a 29th of February. */
  readonly leapDays: Set<number> = new Set<number>()

  add(text: Buffer): void {
    for (const date of listDates(text)) {
      this.turns = this.#years.next(date.month, date.day)
      this.last = date
      if (date.month === 2 && date.day === 29) this.leapDays.add(this.turns)
    }
  }
}
