/**
 * Shapes in which inputs write times. A reader is chosen for one shape and still reads the others, only slower.
 *
 * Text: `iso` (ISO 8601, RFC 3339, RFC 5424), `clf` (Common Log Format), `syslog` (RFC 3164, no year), `named-month`
 * (RFC 2822, asctime, `21 Oct 2020`, `October 21, 2020`), `slash` (`10/21/2020`, `21.10.2020`, `21-10-2020`),
 * `dotnet-json` (`/Date(1600000000000)/`), `wmi` (`20201021150405.123456+060`).
 *
 * Numbers: `epoch` (unit by magnitude), `epoch-s`, `epoch-ms`, `epoch-us`, `epoch-ns`, `filetime` (100 ns since
 * 1601-01-01, Windows), `webkit` (microseconds since 1601-01-01, Chromium), `ticks` (100 ns since 0001-01-01, .NET).
 */
export const TIME_FORMATS = [
  'iso',
  'clf',
  'syslog',
  'named-month',
  'slash',
  'dotnet-json',
  'wmi',
  'epoch',
  'epoch-s',
  'epoch-ms',
  'epoch-us',
  'epoch-ns',
  'filetime',
  'webkit',
  'ticks',
] as const

/** One of `TIME_FORMATS`. */
export type TimeFormat = (typeof TIME_FORMATS)[number]

/** What a time's text does not say itself. */
export interface TimeOptions {
  /**
   * Zone of times without one: an IANA name (`Europe/Berlin`), an offset (`+02:00`) or a known abbreviation. An hour
   * that occurs twice is taken for its first occurrence; one that is skipped is moved forward by the gap. @default UTC
   */
  readonly timeZone?: string
  /**
   * Whether `01/02/2020` is the 1st of February. @default decided by the samples (a first number above 12 means true,
   * a second one above 12 false), else month first for `/` and `-`, day first for `.`
   */
  readonly dayFirst?: boolean
  /**
   * Microseconds since 1970 (usually the file's time of change) that times without a year must not lie after by more
   * than a day: they get the latest year that keeps to that. @default the present time
   */
  readonly referenceUs?: number
  /**
   * Every number counts in the column's unit, whatever time that gives: the format says so. @default a number that is a
   * plausible time only in another unit is read in that
   */
  readonly isUnitFixed?: boolean
}

/** What the samples of a column said about its times. */
export interface TimeDetection {
  readonly format: TimeFormat
  /** Decided by the samples; undefined where nothing speaks for either order. */
  readonly dayFirst: boolean | undefined
  /** Share of the samples that say anything which are times, 0 to 1. */
  readonly share: number
}
