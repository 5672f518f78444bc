import type { DatePart } from '../../query.ts'

/** A piece of a Sigma text: as it is, `*` any run of characters, `?` any one, or a placeholder that a pipeline fills. */
export type StringPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'run' }
  | { readonly kind: 'one' }
  | { readonly kind: 'placeholder'; readonly name: string }

/** What a detection asks of a field, or of the whole event where it names none. */
export type SigmaValue =
  | SigmaString
  | SigmaNumber
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** No value, or no such field. */
  | { readonly kind: 'null' }
  | SigmaRegexp
  | SigmaNetwork
  | SigmaComparison
  /** Whether the field is there, whatever its value. */
  | { readonly kind: 'exists'; readonly expected: boolean }
  | SigmaFieldReference
  | SigmaTimePart
  /** One of several that a modifier made of one: joined by OR even where the list is joined by AND. */
  | { readonly kind: 'any-of'; readonly of: readonly SigmaValue[] }
  /** A piece of another query language that a pipeline put in place of a placeholder; only texts can be printed of it. */
  | { readonly kind: 'query-expression'; readonly expression: string; readonly id: string }

/** A text held against the whole value. */
export interface SigmaString {
  readonly kind: 'string'
  readonly parts: readonly StringPart[]
  /** Case matters. */
  readonly cased: boolean
  /** The parts are bytes, one character each: UTF-16 made by a modifier. */
  readonly binary: boolean
}
/** `text` is the number in decimal; integers of any size are exact there. */
export interface SigmaNumber {
  readonly kind: 'number'
  readonly value: number
  readonly text: string
}
/** A regular expression in PCRE's syntax, found anywhere in the value. Parts are text and placeholders only. */
export interface SigmaRegexp {
  readonly kind: 'regexp'
  readonly parts: readonly StringPart[]
  readonly flags: RegexpFlags
}
/** `i` any case, `m` `^` and `$` at line ends too, `s` a dot takes line ends too. */
export interface RegexpFlags {
  readonly i: boolean
  readonly m: boolean
  readonly s: boolean
}
/** Addresses by their first bits; bytes are 4 (IPv4) or 16 (IPv6), bits behind the prefix are zero. */
export interface SigmaNetwork {
  readonly kind: 'network'
  readonly text: string
  readonly bytes: readonly number[]
  readonly prefixLength: number
}
export type CompareOperator = 'gt' | 'gte' | 'lt' | 'lte'
export interface SigmaComparison {
  readonly kind: 'comparison'
  readonly operator: CompareOperator
  readonly number: SigmaNumber
}
/** The value of another field of the same event. */
export interface SigmaFieldReference {
  readonly kind: 'field-reference'
  readonly field: string
  readonly how: 'equal' | 'startswith' | 'endswith' | 'contains'
  readonly cased: boolean
}
export type TimePart = DatePart['part']
/** A number taken out of a date: ISO weeks, months and days from 1. */
export interface SigmaTimePart {
  readonly kind: 'time-part'
  readonly part: TimePart
  readonly operator: CompareOperator | 'eq'
  readonly number: number
  /** It is less than this, too. */
  readonly before?: number
  /** By whose clocks. @default as `DatePart` says */
  readonly timeZone?: string
}
