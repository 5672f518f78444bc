import type { RejectReason } from '@timeskein/model'
import type { DateOrder, LogClock } from './log-clock.ts'
import type { LogSample } from './log-sample.ts'

/** What lines before a stretch say of its own: plain values, in the format's own terms. */
export type LogCarry = Readonly<Record<string, string | number>>

/** The fields of one event. `datetime` is its time in ISO 8601 with a zone, `message` what people read; undefined ones are left out. */
export interface LogFields extends UndatedFields {
  readonly datetime: string
}

/** The fields of one event but for its time. */
export interface UndatedFields {
  readonly [name: string]: unknown
  readonly message: string
}

/** One of several times of a line: ISO 8601 with a zone, and what happened then. */
export type LogTime = Readonly<Record<'datetime' | 'timestamp_desc', string>>

/** Takes what a reader makes of lines. */
export interface LogSink {
  /** An event that began on this line. Lines that no reader knows and that have no time of their own are added to its message. */
  keep(fields: LogFields, line: number): void
  /** Events of one line that differ in their time only; what follows is not added to any of them. */
  keepEach(times: readonly LogTime[], fields: UndatedFields, line: number): void
  /** A line, or several, that are no event. */
  reject(line: number, reason: RejectReason, detail: string, raw: string): void
  /** Counts something that is worth knowing of lines that were taken. */
  note(kind: LogNoteKind, line: number): void
}

/** Something that is worth knowing of lines that were taken. */
export type LogNoteKind =
  /** Lines without a time that were added to the event above them. */
  | 'joined'
  /** Lines that are not written as the format is, taken as plain lines with the time found in them. */
  | 'plain'
  /** Lines whose time says nothing of the year, in a log of no known form. */
  | 'yearless'
  /** Lines with a numeric date whose year has two digits, by the order that it was read in. */
  | DateOrder
  /** Events that lack the lines that should have followed: the file ends, or their place was cut. */
  | 'unfinished'
  /** Lines whose event has more different values of one field than are kept. */
  | 'values'

/** Reads the lines of one stretch. */
export interface LogReader {
  /**
   * Reads a line, without its line end.
   *
   * @returns False where it is none of this format's lines.
   */
  read(line: string, number: number): boolean
  /** Nothing follows in this stretch. */
  end?(): void
}

/** What a reader gets. */
export interface LogContext {
  readonly sink: LogSink
  readonly clock: LogClock
  /** What was carried to the beginning of the stretch; empty for the first. */
  readonly carried: LogCarry
  /** Whether `01/02/2020` is the 1st of February. */
  readonly dayFirst: boolean
}

/** One kind of text log. A file or folder of its own, registered in `log-formats.ts`. */
export interface LogFormat {
  /** As in the account. */
  readonly name: string
  /** What people call it, and how it is told, for `--list-formats`. */
  readonly title: string
  readonly recognisedBy: string
  /** What happened at the time of an event that does not say so itself. */
  readonly description: string
  /** Fields with one value for every event that has no value of its own. */
  readonly constants: Readonly<Record<string, string>>
  /** Its lines do not say whose they are: where the file stands does, and is told as `display_name`. @default they do */
  readonly isOfItsPlace?: boolean
  /** Names of others, and the fields that stand for them. */
  readonly aliases?: Readonly<Record<string, string>>
  /** Its times have no year. */
  readonly lacksYear?: (line: string) => boolean
  /** Where no year is told, each time that has none gets the latest that fits it alone. @default years are counted from the last line back */
  readonly hasYearsByLine?: boolean
  /** Numeric dates may have either order: finds it. @default month first */
  readonly findDateOrder?: (sample: LogSample, referenceUs: number) => DateOrder | undefined
  /** Lines that no reader knows, and that have no time, belong to the event above. @default true */
  readonly joins?: boolean
  matches(sample: LogSample): boolean
  /** Whether the text may be cut in front of the line of that number among some that follow one another. @default everywhere */
  readonly splits?: (lines: readonly string[], at: number) => boolean
  /** Of lines too long to be looked at as a whole, `splits` gets the ends. @default their beginnings */
  readonly splitsByLineEnds?: boolean
  /** What is to be carried over some text, where anything is. */
  readonly carry?: (carried: LogCarry, text: Buffer) => LogCarry
  /** Changes the bytes of a stretch before they are decoded. */
  readonly prepare?: (bytes: Buffer) => Buffer
  open(context: LogContext): LogReader
}

/** How the lines of one log are read. Plain values: it can be sent to another thread. */
export interface LogLayout {
  /** Name of a `LogFormat`. */
  readonly log: string
  readonly timeZone: string
  readonly dateOrder: DateOrder
  /** Microseconds since 1970 that times without a year must not lie after. */
  readonly referenceUs: number
  /** What is carried to the first line. */
  readonly carried: LogCarry
}

/** A note with the line of the first it is about, and of how many. */
export interface LogNote {
  readonly kind: LogNoteKind
  readonly at: number
  readonly count: number
}
