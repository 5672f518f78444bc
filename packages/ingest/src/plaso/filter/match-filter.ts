import { RE2JS } from 're2js'
import { toPythonText } from '../message/python-text.ts'
import { type Attributes, PlasoFloat, PlasoTuple, type Value } from '../piece/container-value.ts'
import type { PieceEvent } from '../piece/piece.ts'
import { FilterError, type FilterExpression, parseFilter, readTime } from './filter-expression.ts'

/** What a filter looks at: an event with its data, and what is known of the file they come from. */
export interface FilterSubject {
  readonly event: PieceEvent
  readonly attributes: Attributes
  readonly stream: Readonly<Record<string, string>> | undefined
}

/** Says whether an event is wanted. */
export type EventMatcher = (subject: FilterSubject) => boolean

type Comparison = Extract<FilterExpression, { kind: 'compare' }>
type Test = (value: Value) => boolean

/** UTF-16 units of a value that regular expressions look at. */
const MAX_TRIED_LENGTH = 1000
/** UTF-16 units of a regular expression. */
const MAX_PATTERN_LENGTH = 200

/** Names that psort's users gave the event's time at one time or another. */
const TIMES: ReadonlySet<string> = new Set(['timestamp', 'date', 'datetime'])

/**
 * Compiles an event filter.
 *
 * @throws {FilterError}
 */
export function compileFilter(filter: string): EventMatcher {
  return compile(parseFilter(filter), filter)
}

function compile(expression: FilterExpression, filter: string): EventMatcher {
  if (expression.kind === 'compare') return compileComparison(expression, filter)
  const left = compile(expression.left, filter)
  const right = compile(expression.right, filter)
  return expression.kind === 'and'
    ? (subject) => left(subject) && right(subject)
    : (subject) => left(subject) || right(subject)
}

function compileComparison(comparison: Comparison, filter: string): EventMatcher {
  const { attribute, isNegated } = comparison
  if (TIMES.has(attribute)) {
    const compare = compileTimeTest(comparison, filter)
    return ({ event }) => (event.us !== null && compare(BigInt(event.us))) !== isNegated
  }
  const test = compileTest(comparison, filter)
  return (subject) => {
    const value = findValue(attribute, subject)
    // As in Python, what is empty matches nothing.
    const isThere = value !== undefined && value !== null && value !== '' && value !== 0 && value !== false
    return (isThere && test(value)) !== isNegated
  }
}

function findValue(name: string, { event, attributes, stream }: FilterSubject): Value | undefined {
  if (name === 'timestamp_desc') return event.desc ?? undefined
  if (name === 'tag') return event.tags
  if (name === 'parser') return attributes.get('_parser_chain') ?? attributes.get('parser')
  return stream?.[name] ?? attributes.get(name)
}

function compileTimeTest({ operator, value }: Comparison, filter: string): (us: bigint) => boolean {
  const wanted =
    value.kind === 'time'
      ? value.us
      : value.kind === 'number'
        ? BigInt(Math.trunc(value.number))
        : readTime(value.text)
  if (wanted === undefined) throw new FilterError(filter, 0, 'a time in ISO 8601 to compare times with')
  switch (operator) {
    case '==':
      return (us) => us === wanted
    case '!=':
      return (us) => us !== wanted
    case '<':
      return (us) => us < wanted
    case '<=':
      return (us) => us <= wanted
    case '>':
      return (us) => us > wanted
    case '>=':
      return (us) => us >= wanted
    default:
      throw new FilterError(filter, 0, `a comparison such as > for times instead of ${operator}`)
  }
}

function compileTest({ operator, value }: Comparison, filter: string): Test {
  const wanted = value.kind === 'text' ? value.text : value.kind === 'number' ? value.number : value.us
  switch (operator) {
    case '==':
      return (found) => isEqual(found, wanted)
    case '!=':
      return (found) => !isEqual(found, wanted)
    case '<':
    case '<=':
    case '>':
    case '>=':
      return (found) => isInOrder(found, operator, wanted)
    case 'contains':
      return (found) => contains(found, String(wanted))
    case 'inset':
      return (found) => listOf(found).every((item) => String(wanted).includes(toPythonText(item)))
    case 'regexp':
    case 'iregexp':
      return compilePattern(String(wanted), operator === 'iregexp', filter)
    default:
      return operator satisfies never
  }
}

function isEqual(found: Value, wanted: string | number | bigint): boolean {
  if (found instanceof PlasoFloat) return found.value === wanted
  if (typeof found === 'bigint')
    return found === (typeof wanted === 'number' ? BigInt(Math.trunc(wanted)) : wanted)
  return found === wanted
}

function isInOrder(
  found: Value,
  operator: '<' | '<=' | '>' | '>=',
  wanted: string | number | bigint,
): boolean {
  const value = found instanceof PlasoFloat ? found.value : found
  const isComparable =
    typeof value === 'string'
      ? typeof wanted === 'string'
      : typeof value !== 'object' && typeof wanted !== 'string'
  if (!isComparable || value === null || typeof value === 'object') return false
  switch (operator) {
    case '<':
      return value < wanted
    case '<=':
      return value <= wanted
    case '>':
      return value > wanted
    case '>=':
      return value >= wanted
    default:
      return operator satisfies never
  }
}

/** In a text in any case; in a list as one of its items. */
function contains(found: Value, wanted: string): boolean {
  if (typeof found === 'string') return found.toLowerCase().includes(wanted.toLowerCase())
  return typeof found === 'object' && listOf(found).includes(wanted)
}

function listOf(value: Value): readonly Value[] {
  if (value instanceof PlasoTuple) return value.values
  // Of `Value`, lists alone are arrays.
  return Array.isArray(value) ? (value as readonly Value[]) : [value]
}

/** In RE2, whose time grows only as texts do: no expression of V8 tries texts of evidence. */
function compilePattern(pattern: string, ignoresCase: boolean, filter: string): Test {
  const at = Math.max(0, filter.indexOf(pattern))
  if (pattern.length > MAX_PATTERN_LENGTH) {
    const expected = `a regular expression of at most ${MAX_PATTERN_LENGTH} characters`
    throw new FilterError(filter, at, expected)
  }
  let expression: RE2JS
  try {
    expression = RE2JS.compile(pattern, ignoresCase ? RE2JS.DOTALL | RE2JS.CASE_INSENSITIVE : RE2JS.DOTALL)
  } catch {
    const expected =
      'a regular expression of RE2, without references to groups and without looking ahead or back'
    throw new FilterError(filter, at, expected)
  }
  return (found) => expression.test(toPythonText(found).slice(0, MAX_TRIED_LENGTH))
}
