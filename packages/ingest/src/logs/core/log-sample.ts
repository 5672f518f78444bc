import type { Buffer } from 'node:buffer'

/** The beginning of a text, as formats are told by it. */
export interface LogSample {
  /** The first lines that are not blank, without line ends. At least one, which may be cut where it is very long. */
  readonly lines: readonly string[]
  /** What the lines are said to begin with that hold no rows: those in front of the first that begins otherwise. */
  readonly directives: readonly string[]
}

const SAMPLED_LINES = 200
/** The part of a line that formats are told by. */
const SAMPLED_LINE_LENGTH = 16 * 1024

/**
 * Takes the lines that formats are told by.
 *
 * @param isWhole - The text ends with the sample: a line without line end is whole.
 */
export function sampleLog(sample: Buffer, isWhole: boolean): LogSample {
  const lines: string[] = []
  for (let at = 0; at < sample.length && lines.length < SAMPLED_LINES; ) {
    const found = sample.indexOf(0x0a, at)
    if (found < 0 && !isWhole && lines.length > 0) break
    const end = found < 0 ? sample.length : found
    const line = trimLine(sample.toString('utf8', at, Math.min(end, at + SAMPLED_LINE_LENGTH)))
    if (line.trim() !== '') lines.push(line)
    at = end + 1
  }
  const first = lines.findIndex((line) => !line.startsWith('#'))
  return { lines, directives: first < 0 ? lines : lines.slice(0, first) }
}

/** Whether at least so many of the lines are of a form. */
export function areMostly(
  lines: readonly string[],
  isSo: (line: string) => boolean,
  share: number = 0.5,
): boolean {
  return lines.length > 0 && lines.filter(isSo).length >= lines.length * share
}

/** A line without the rest of its line end, and without NULs around it: end marks, and runs too short for a crash's to be known by. */
export function trimLine(line: string): string {
  let end = line.length
  while (end > 0 && (line.charCodeAt(end - 1) === 0x0d || line.charCodeAt(end - 1) === 0)) end--
  let start = 0
  while (start < end && line.charCodeAt(start) === 0) start++
  return start === 0 && end === line.length ? line : line.slice(start, end)
}
