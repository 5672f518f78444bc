/**
 * One tree for every question. Parsers of query languages build it, engines compile it; neither knows the other.
 *
 * Field names are dotted paths as the user wrote them, escapes resolved. A trailing `.keyword` or `.wildcard` is left
 * in place: an engine that has no field of that very name reads it as OpenSearch's sub-field (the whole value, exact).
 * An undefined field means every field.
 */
export type Query =
  | MatchAll
  | MatchNone
  | And
  | Or
  | Not
  | Match
  | Phrase
  | Term
  | Range
  | Wildcard
  | Regexp
  | Fuzzy
  | Exists
  | Ids
  | Label
  | FieldComparison
  | DatePart

/** Every event. */
export interface MatchAll {
  readonly kind: 'all'
}
/** No event. */
export interface MatchNone {
  readonly kind: 'none'
}
/** All of the parts; of none, every event. */
export interface And {
  readonly kind: 'and'
  readonly of: readonly Query[]
}
/** At least `atLeast` (default 1) of the parts; of none, no event. */
export interface Or {
  readonly kind: 'or'
  readonly of: readonly Query[]
  readonly atLeast?: number
}
/** Every event but these. */
export interface Not {
  readonly kind: 'not'
  readonly of: Query
}
/**
 * Words of an analysed text (OpenSearch `match`): the text is analysed as the field is, and all words (`and`) or one of
 * them (`or`) must stand in the same field. On a number, boolean or date field the text is read as such a value.
 */
export interface Match {
  readonly kind: 'match'
  readonly field: string | undefined
  readonly text: string
  readonly operator: 'and' | 'or'
}
/** Words in this order, next to each other but for `slop` moves (OpenSearch `match_phrase`; with `prefix`, the last word may be a beginning). */
export interface Phrase {
  readonly kind: 'phrase'
  readonly field: string | undefined
  readonly text: string
  readonly slop: number
  readonly prefix?: boolean
}
/** A value as it is, not analysed (OpenSearch `term`): on an analysed field, one indexed word. */
export interface Term {
  readonly kind: 'term'
  readonly field: string
  readonly value: string | number | boolean
  readonly caseInsensitive?: boolean
}
/**
 * Values in a range; an end that is left out is open. Ends are text as written: the engine reads them by the field's type
 * (numbers, or dates with date maths; `roundUp` semantics as OpenSearch: `gt` and `lte` of a rounded date mean its end).
 */
export interface Range {
  readonly kind: 'range'
  readonly field: string
  readonly gte?: string | number
  readonly gt?: string | number
  readonly lte?: string | number
  readonly lt?: string | number
  /** Offset or IANA zone for dates without one; UTC if left out. */
  readonly timeZone?: string
  /** Only numbers are compared, and texts that are written as one; other texts never answer. */
  readonly anyType?: true
}
/** `*` any run of characters, `?` any one, `\` escapes. A prefix query is a pattern with one `*` at its end. */
export interface Wildcard {
  readonly kind: 'wildcard'
  readonly field: string | undefined
  readonly pattern: string
  /** True: the pattern is held against whole values (Timesketch's wildcard mode), not against words. */
  readonly whole: boolean
  readonly caseInsensitive: boolean
  /**
   * Held against whole values of any length and of any JSON type, numbers and truth values as they are written, and
   * `caseInsensitive` says what it says. With it, `whole` is true.
   */
  readonly anyType?: true
}
/** Lucene regular expression, anchored at both ends; against words on an analysed field, whole values on `.keyword`. */
export interface Regexp {
  readonly kind: 'regexp'
  readonly field: string | undefined
  readonly pattern: string
  readonly caseInsensitive: boolean
  /** Held against whole values of any length and of any JSON type, numbers and truth values as they are written. */
  readonly anyType?: true
}
/** Words within an edit distance (Damerau-Levenshtein with transpositions). */
export interface Fuzzy {
  readonly kind: 'fuzzy'
  readonly field: string | undefined
  readonly text: string
  /** `auto`: 0 edits up to 2 characters, 1 up to 5, else 2. */
  readonly distance: 0 | 1 | 2 | 'auto'
  /** Characters at the beginning that must be equal. */
  readonly prefixLength: number
}
/** Events that have a value in the field. */
export interface Exists {
  readonly kind: 'exists'
  readonly field: string
}
/** Events with these `_id`s. */
export interface Ids {
  readonly kind: 'ids'
  readonly values: readonly string[]
}
/** Events that carry a label, in one sketch or (undefined) in any. */
export interface Label {
  readonly kind: 'label'
  readonly name: string
  readonly sketchId: number | undefined
}
/**
 * Events in which a value of one field is equal to a value of another, or begins or ends with it or contains it. Values of any
 * JSON type are compared as they are written.
 */
export interface FieldComparison {
  readonly kind: 'fields'
  readonly field: string
  readonly other: string
  readonly how: 'equal' | 'startswith' | 'endswith' | 'contains'
  readonly caseInsensitive: boolean
}
/**
 * Events whose field holds a date with a part in a range: minute 0-59, hour 0-23, day and month from 1, ISO week 1-53, year,
 * minute of the day 0-1439, weekday 1-7 from Monday, and date as month times 100 and day. The part is the one that is written: no
 * time zone is reckoned in, unless one is named. Of `datetime` and `timestamp`, the event's time, it is that of UTC.
 */
export interface DatePart {
  readonly kind: 'date-part'
  readonly field: string
  readonly part: 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year' | 'minute-of-day' | 'weekday' | 'date'
  /** Of the IANA time zone database: the part is that of the clocks there. */
  readonly timeZone?: string
  readonly gte?: number
  readonly gt?: number
  readonly lte?: number
  readonly lt?: number
}
