/** How one delimiter-separated text is written: what a reader has to know before its first row. */
export interface CsvDialect {
  /** Byte between cells: `,` `;` `|`, a tab, or a space in W3C logs. */
  readonly delimiter: number
  /** Byte around cells that hold delimiters or line ends; undefined where the format has none (Zeek, W3C). */
  readonly quote: number | undefined
  /** `lf` ends rows at LF or CRLF; `cr` at CR alone (old Mac files). A lone CR in an `lf` text is content. */
  readonly lineEnd: 'lf' | 'cr'
  /** Lines that begin with this byte are no rows; undefined where the format has no comments. */
  readonly comment: number | undefined
  /** Texts that stand for "no value" beside the empty one, e.g. `-` and `(empty)` of Zeek. At most 16 ASCII bytes each. */
  readonly absent: readonly string[]
}

/** A dialect with what the beginning of the text says of its columns. */
export interface CsvLayout {
  readonly dialect: CsvDialect
  /** Unique, non-empty names of the columns, in order. Any text at all: never use them as keys of plain objects. */
  readonly columns: readonly string[]
  /** False when the names were made up (`column_1` …) because the first row is data. */
  readonly hasHeader: boolean
  /** Where the header line or first data row begins in the sample. */
  readonly headerStart: number
  /** Where the first data row begins in the sample. */
  readonly dataStart: number
  /** Line number (1-based) of the first data row. */
  readonly dataLine: number
  /** `csv`, `tsv`, `zeek-tsv` or `w3c`. */
  readonly format: 'csv' | 'tsv' | 'zeek-tsv' | 'w3c'
  /** A sentence that says what was recognised, for `--dry-run`. */
  readonly reason: string
}

// Names of the ASCII bytes that CSV readers care about.

/** Parts the cells of TSV. */
export const TAB = 0x09
/** Ends rows, alone or behind a `CR`. */
export const LF = 0x0a
/** Alone it ends rows of old Mac files only. */
export const CR = 0x0d
/** The usual quote. */
export const QUOTE = 0x22
/** Begins the directives and comments of Zeek and W3C logs. */
export const HASH = 0x23

/** RFC 4180 with commas: what is meant by CSV when nothing else is known. */
export const RFC_4180: CsvDialect = {
  delimiter: 0x2c,
  quote: QUOTE,
  lineEnd: 'lf',
  comment: undefined,
  absent: [],
}
