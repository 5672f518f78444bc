import type { Buffer } from 'node:buffer'
import { LF } from '../../csv/csv-dialect.ts'
import { findLineSplit } from '../../csv/csv-split.ts'
import { countLines } from '../../json/json-walker.ts'
import { findLogFormat } from '../log-formats.ts'
import type { LogCarry, LogFormat, LogLayout } from './log-format.ts'
import { trimLine } from './log-sample.ts'

/** Bytes in front of the last line's end in which a place between two events is looked for; behind it, one between two lines serves. */
const SEARCHED_BYTES: number = 1024 * 1024
/** The part of a line that is looked at. */
const LINE_LENGTH = 1024

/** Cuts a log between lines that say nothing of one another. */
export interface LogCutter {
  readonly place: 'top'
  /** What is carried to the next stretch. */
  readonly carried: LogCarry
  cut(text: Buffer, isEnd: boolean): { readonly end: number; readonly lines: number }
  findStrayLine(): number
  reset(): void
}

/** @param layout - Says what is carried to the first line. */
export function createLogCutter(layout: LogLayout): LogCutter {
  const format = findLogFormat(layout.log)
  let { carried } = layout
  return {
    place: 'top',
    get carried() {
      return carried
    },
    cut(text, isEnd) {
      const lines = findLineSplit(text, LF, isEnd)
      if (isEnd) return { end: text.length, lines: countLines(text, 0, text.length) }
      const end = findEventStart(format, text, lines.end)
      if (format.carry && end > 0) carried = format.carry(carried, text.subarray(0, end))
      return end === lines.end ? lines : { end, lines: countLines(text, 0, end) }
    },
    findStrayLine: () => 0,
    reset() {},
  }
}

/** The last place at most `end` where an event begins; 0 where none is found in a text that may be too short for it, else `end`. */
function findEventStart({ splits, splitsByLineEnds = false }: LogFormat, text: Buffer, end: number): number {
  if (splits === undefined || end === 0) return end
  const least = Math.max(0, end - SEARCHED_BYTES)
  // The text's first line is looked at, but not parted from the second.
  const starts: number[] = least === 0 ? [0] : []
  const first = starts.length
  for (let at = text.indexOf(LF, least) + 1; at > 0 && at < end; at = text.indexOf(LF, at) + 1)
    starts.push(at)
  const lines = starts.map((start, at) =>
    splitsByLineEnds ? readLineEnd(text, start, starts[at + 1] ?? end) : readLine(text, start),
  )
  for (let at = lines.length - 1; at > first; at--) if (splits(lines, at)) return starts[at]!
  return end < SEARCHED_BYTES ? 0 : end
}

function readLine(text: Buffer, start: number): string {
  const found = text.subarray(start, start + LINE_LENGTH).indexOf(LF)
  const end = found < 0 ? Math.min(text.length, start + LINE_LENGTH) : start + found
  return trimLine(text.toString('utf8', start, end))
}

/** @param next - Where the next line begins. */
function readLineEnd(text: Buffer, start: number, next: number): string {
  return trimLine(text.toString('utf8', Math.max(start, next - LINE_LENGTH), next - 1))
}
