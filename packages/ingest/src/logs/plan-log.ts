import { MAX_BATCH_ROWS } from '../batch/limits.ts'
import type { PeekableSource } from '../containers/byte-source.ts'
import type { EvidencePlace, EvidencePlan } from '../pipeline/evidence-plan.ts'
import type { ReadOptions } from '../pipeline/read-options.ts'
import { STRETCH_BYTES, splitStretches } from '../pipeline/split-stretches.ts'
import type { StretchNote, StretchSettings } from '../pipeline/stretch.ts'
import type { TextPlan } from '../pipeline/text-plan.ts'
import { applyUserMap } from '../schemas/apply-user-map.ts'
import { isTimeName } from '../schemas/guess-by-content.ts'
import type { Mapping } from '../schemas/mapping.ts'
import { timeField } from '../schemas/schema.ts'
import { describeLogNotes } from './core/describe-log-notes.ts'
import { findYears, type YearSpan } from './core/find-years.ts'
import type { DateOrder } from './core/log-clock.ts'
import type { LogFormat, LogLayout, LogNote } from './core/log-format.ts'
import { type LogSample, sampleLog } from './core/log-sample.ts'
import { nameBeforeRotation } from './core/rotation.ts'
import { areLogLines } from './lines/lines.ts'
import { LOG_FORMATS } from './log-formats.ts'

/** Bytes of a text that its format is told by. */
const SAMPLE_BYTES: number = 256 * 1024
/** What the reading of a text is worth to be handed to another thread. */
const MIN_STRETCH_BYTES: number = 2 * 1024 * 1024

/** A text that may be a log: decoded, with its beginning. */
export interface LogText {
  /** UTF-8 without byte order mark, from the first byte. */
  readonly text: PeekableSource
  /** The text's bytes are those of the file. */
  readonly isUtf8: boolean
  readonly sample: LogSample
}

/** Takes a look at the beginning of a text. */
export async function lookAtLog(text: PeekableSource, isUtf8: boolean): Promise<LogText> {
  const head = await text.peek(SAMPLE_BYTES)
  return { text, isUtf8, sample: sampleLog(head, head.length < SAMPLE_BYTES) }
}

/** The known text log that a text is; undefined where it is none. */
export function detectLog({ sample }: LogText): LogFormat | undefined {
  return LOG_FORMATS.find((format) => format.matches(sample))
}

/**
 * Whether what looks like a table is rather a log: its lines begin with a time that no delimiter follows, and no name of a column
 * stands above that says it is one of times.
 */
export function isRatherLog(
  { sample }: LogText,
  { skipBytes, settings }: Pick<TextPlan, 'skipBytes' | 'settings'>,
): boolean {
  const { format, mapping } = settings
  if (format.kind !== 'csv' || mapping.schema !== 'generic') return false
  const delimiter = String.fromCharCode(format.dialect.delimiter)
  if (skipBytes === 0) return areLogLines(sample.lines, delimiter)
  const [first = '', ...others] = sample.lines
  return !first.startsWith('sep=') && !isTimeName(format.columns[0]!) && areLogLines(others, delimiter)
}

/** How a text log is read. */
export async function planLog(
  format: LogFormat,
  { text, isUtf8, sample }: LogText,
  options: ReadOptions,
  place: EvidencePlace,
): Promise<EvidencePlan> {
  const referenceUs = place.changedUs ?? Date.now() * 1000
  const { year } = options
  const lacksYear = format.lacksYear !== undefined && sample.lines.some(format.lacksYear)
  const isByLine = format.hasYearsByLine === true
  const years =
    lacksYear && !isByLine && year === undefined
      ? await findYears(text, place, isUtf8, referenceUs)
      : undefined
  const first = year ?? years?.first
  const layout: LogLayout = {
    log: format.name,
    timeZone: options.timeZone ?? options.hostTimeZone ?? 'UTC',
    dateOrder: chooseDateOrder(options) ?? format.findDateOrder?.(sample, referenceUs) ?? 'month-first',
    referenceUs,
    carried: lacksYear && first !== undefined ? { year: first, day: 0 } : {},
  }
  const mapping = makeMapping(format, options, place)
  const settings: StretchSettings & { readonly format: { readonly kind: 'log' } & LogLayout } = {
    format: { kind: 'log', ...layout },
    mapping,
    times: options.times ?? 'first',
    referenceUs,
    ...(options.maxRows === undefined ? {} : { maxRows: options.maxRows }),
  }
  const remarks =
    lacksYear && (!isByLine || year !== undefined)
      ? [describeYears(first, years, place.changedUs, year !== undefined)]
      : []
  return {
    format: `log/${format.name}`,
    reasons: [mapping.reason, ...remarks],
    mapping,
    settings,
    pieces: splitStretches(text, settings.format, 0, options.stretchBytes ?? sizeStretches(sample)),
    source: text,
    hasLines: true,
    // They come from the format's own reader.
    describeNotes: (notes: readonly StretchNote[]) => [
      ...remarks,
      ...describeLogNotes(notes as readonly LogNote[]),
    ],
  }
}

function chooseDateOrder({ dayFirst }: ReadOptions): DateOrder | undefined {
  if (dayFirst === undefined) return undefined
  return dayFirst ? 'day-first' : 'month-first'
}

/** Bytes of about one batch of lines: of short ones, a stretch of the usual size makes ten times its size in columns and sources. */
export function sizeStretches({ lines }: LogSample): number {
  const sampledBytes = lines.reduce((sum, line) => sum + line.length + 1, 0)
  // Some more: a stretch is cut behind as many lines as a batch has.
  const wanted = Math.ceil((sampledBytes / lines.length) * MAX_BATCH_ROWS * 1.1)
  return Math.min(STRETCH_BYTES, Math.max(MIN_STRETCH_BYTES, wanted))
}

function makeMapping(format: LogFormat, options: ReadOptions, { inside }: EvidencePlace): Mapping {
  const isOfPlace = format.isOfItsPlace && inside !== undefined
  const ofPlace = isOfPlace ? { display_name: nameBeforeRotation(inside) } : {}
  const time = timeField('datetime', format.description, { format: 'iso' })
  return applyUserMap(
    {
      schema: format.name,
      times: [time],
      allTimes: [time],
      messageField: 'message',
      timeZone: options.timeZone ?? options.hostTimeZone ?? 'UTC',
      dayFirst: options.dayFirst,
      profile: {
        aliases: { ...format.aliases },
        constants: { ...format.constants, ...ofPlace, timestamp_desc: format.description },
      },
      reason: `is known as ${format.title}, by ${format.recognisedBy}`,
    },
    options.map,
  )
}

function describeYears(
  first: number | undefined,
  years: YearSpan | undefined,
  changedUs: number | undefined,
  isTold: boolean,
): string {
  if (isTold) return `Times without a year begin in ${first}, as asked.`
  const by =
    changedUs === undefined
      ? 'the present time'
      : `the file's time of change (${new Date(changedUs / 1000).toISOString().slice(0, 10)})`
  const rule = `the last one is no later than ${by}`
  if (first === undefined)
    return `Times without a year: each was taken for the latest one that is no later than ${by}; option "year" says in which year the first line was written.`
  const span = first === years?.last ? `in ${first}` : `from ${first} to ${years?.last}`
  const leapDays = years?.isForLeapDays ? ', and a 29th of February is only in a leap year' : ''
  return `Times without a year were taken to be ${span}, since ${rule}${leapDays}; option "year" says in which year the first line was written.`
}
