import type { FieldChoice, ImportProfile } from '@timeskein/model'
import type { TimeFormat } from '../time/time-format.ts'
import type { JoinedField } from './joined-field.ts'

/** One field of an input with some of its values: what a mapping is chosen by. */
export interface FieldSample {
  /** Dotted path of the field, or the column's name. */
  readonly name: string
  /** Up to 100 values, evenly spread over the first records, as parsed: strings for CSV, any JSON scalar for JSON. */
  readonly values: readonly unknown[]
}

/** One place where an event's time may stand. */
export interface TimeSource {
  /** The field; or several (a date and a clock time) whose texts are joined by one space. Never empty. */
  readonly fields: readonly string[]
  /** What happened at this time: the event's `timestamp_desc`. */
  readonly description: string
  /** How the time is written, where the schema fixes it; else by content. */
  readonly format?: TimeFormat
  /** The format leaves no doubt of the unit: a number that would be a likelier time in another is what it is. */
  readonly hasFixedUnit?: boolean
  /** The zone that the field's own name tells (`Time (EST)`); it counts where the time itself has none. @default the mapping's */
  readonly timeZone?: string
  /** A field that names the time's zone (l2tcsv's `timezone`); it counts where the time itself has none. */
  readonly zoneField?: string
  /** Another place of a time before it, with the same description: it makes no event of its own where that one was read. */
  readonly isAlternative?: boolean
  /**
   * The field had no value to judge it by: of its values those count that are plainly times, numbers only where the field's
   * name says that it holds times.
   */
  readonly tentative?: 'text' | 'text-or-number'
}

/** What the user said about the mapping (`--map`, `--times` and others). */
export interface MappingOptions {
  /**
   * Wanted field (`time`, `message`, `timestamp_desc`, or any other name) to the input's field that stands for it; of several a time is
   * made with a space between them, any other text as Timesketch does it (`host:web1 | what:logon | `). A text that begins with `=` is
   * the value of all events.
   */
  readonly map?: Readonly<Record<string, FieldChoice>>
  /** Zone of times without one; goes over the schema's. */
  readonly timeZone?: string
  /** Zone of the host that the file was collected from: of times without one in formats whose times are the host's own clock. */
  readonly hostTimeZone?: string
  readonly dayFirst?: boolean
  /** `all` asks for one event per time of a row. @default first */
  readonly times?: 'first' | 'all'
}

/** How records are changed before anything else: `evtx` stands for `flattenEvtxEvent`, `platform` for `mapPlatformRecord`. */
export type RecordTransformName = 'evtx' | 'platform'

/** How the rows of one input become events. */
export interface Mapping {
  /** Name of the recognised schema (`hayabusa`, `winlogbeat` …); `mapped` when the user said it, `generic` when guessed. */
  readonly schema: string
  /** Where the time stands, in order of preference: the first that a row has counts. At least one. */
  readonly times: readonly TimeSource[]
  /**
   * The times that `--times all` makes events of: those of the schema, and every other field that looks like one; those a row
   * lacks are passed over. The first is the row's own, which it has by itself.
   */
  readonly allTimes: readonly TimeSource[]
  /** The field that stands for `message`, where there is one. */
  readonly messageField?: string
  /** Zone of times that name none. */
  readonly timeZone: string
  /** As the options or the samples say; undefined where nothing speaks for either order. */
  readonly dayFirst: boolean | undefined
  readonly transform?: RecordTransformName
  /** A text in the field `tag` has the event's tags, as Timesketch writes them: it becomes a list. @default false */
  readonly hasTagTexts?: boolean
  /** Fields that events get which the input does not have. @default none */
  readonly joined?: readonly JoinedField[]
  readonly profile: ImportProfile
  /** A sentence that says why this mapping was chosen. */
  readonly reason: string
}
