/** A value that a filter compares with. */
export type FilterValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly number: number }
  /** Microseconds since 1970. */
  | { readonly kind: 'time'; readonly us: bigint }

/** Comparisons of Plaso's event filters; `is` and `equals` are `==`. */
export const FILTER_OPERATORS = [
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'contains',
  'inset',
  'regexp',
  'iregexp',
] as const

/** One of `FILTER_OPERATORS`. */
export type FilterOperator = (typeof FILTER_OPERATORS)[number]

/** An event filter, taken apart. */
export type FilterExpression =
  | { readonly kind: 'and' | 'or'; readonly left: FilterExpression; readonly right: FilterExpression }
  | {
      readonly kind: 'compare'
      readonly attribute: string
      readonly operator: FilterOperator
      readonly isNegated: boolean
      readonly value: FilterValue
    }

/** An event filter cannot be read; the message says where and what was expected. */
export class FilterError extends Error {
  override readonly name = 'FilterError'
  readonly code = 'bad-plaso-filter'

  constructor(filter: string, at: number, expected: string) {
    const rest = filter.slice(at, at + 40)
    const found = rest === '' ? 'its end' : JSON.stringify(rest)
    super(`cannot read the event filter: expected ${expected} at character ${at + 1}, found ${found}`)
  }
}

/** The longest filter, in UTF-16 units. */
const MAX_FILTER_LENGTH = 10_000
const MAX_NESTING = 100

/**
 * Reads an event filter as psort has them: `data_type is "syslog:line" and (timestamp > DATETIME("2026-03-01T00:00:00") or tag
 * contains "exit1")`. `and` binds closer than `or`.
 *
 * Format: log2timeline/plaso, docs/sources/user/Event-filters.md.
 *
 * @throws {FilterError}
 */
export function parseFilter(filter: string): FilterExpression {
  return new FilterParser(filter).parse()
}

class FilterParser {
  readonly #filter: string
  #at = 0

  constructor(filter: string) {
    this.#filter = filter
    if (filter.length > MAX_FILTER_LENGTH) throw new FilterError(filter, MAX_FILTER_LENGTH, 'its end')
  }

  parse(): FilterExpression {
    const expression = this.#parseOr(0)
    if (this.#take(/\s*/y) !== undefined && this.#at < this.#filter.length)
      this.#fail('"and", "or" or its end')
    return expression
  }

  #parseOr(depth: number): FilterExpression {
    let left = this.#parseAnd(depth)
    while (this.#take(/\s*(?:or\b|\|\|)/iy) !== undefined)
      left = { kind: 'or', left, right: this.#parseAnd(depth) }
    return left
  }

  #parseAnd(depth: number): FilterExpression {
    let left = this.#parseTerm(depth)
    while (this.#take(/\s*(?:and\b|&&)/iy) !== undefined)
      left = { kind: 'and', left, right: this.#parseTerm(depth) }
    return left
  }

  #parseTerm(depth: number): FilterExpression {
    if (depth > MAX_NESTING) this.#fail(`at most ${MAX_NESTING} parentheses inside of one another`)
    if (this.#take(/\s*\(/y) === undefined) return this.#parseComparison()
    const expression = this.#parseOr(depth + 1)
    if (this.#take(/\s*\)/y) === undefined) this.#fail('")"')
    return expression
  }

  #parseComparison(): FilterExpression {
    const attribute = this.#take(/\s*([\w.]+)/y) ?? this.#fail('the name of an attribute')
    const isNegatedBefore = this.#take(/\s*(not)\s/iy) !== undefined
    const name = this.#take(/\s*([<>!=]=?|\w+)/y) ?? this.#fail('an operator')
    const lower = name.toLowerCase()
    const wanted = lower === 'is' || lower === 'equals' || lower === '=' ? '==' : lower
    const operator =
      FILTER_OPERATORS.find((one) => one === wanted) ??
      this.#fail(`an operator (is, equals, ${FILTER_OPERATORS.join(', ')})`, this.#at - name.length)
    const isNegated = isNegatedBefore || this.#take(/\s*(not)\s/iy) !== undefined
    return { kind: 'compare', attribute, operator, isNegated, value: this.#parseValue() }
  }

  #parseValue(): FilterValue {
    const text = this.#parseText()
    if (text !== undefined) return { kind: 'text', text }
    if (this.#take(/\s*(DATETIME|PATH)\(/y) !== undefined) {
      const isPath = this.#filter.slice(0, this.#at).endsWith('PATH(')
      const valueAt = this.#at
      const value = this.#parseText() ?? this.#take(/\s*(-?\d+)/y) ?? this.#fail('a value in quotes')
      if (this.#take(/\s*\)/y) === undefined) this.#fail('")"')
      return isPath
        ? { kind: 'text', text: value }
        : { kind: 'time', us: readTime(value) ?? this.#fail('a time in ISO 8601', valueAt) }
    }
    const number = this.#take(/\s*(0x[\da-f]+|-?\d+(?:\.\d+)?)/iy)
    return number === undefined
      ? this.#fail('a value: a text in quotes, a number, or DATETIME("…")')
      : { kind: 'number', number: Number(number) }
  }

  #parseText(): string | undefined {
    const found = this.#take(/\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/y)
    return found === undefined ? undefined : unescapeText(found.slice(1, -1))
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#filter)
    if (found === null) return undefined
    this.#at = pattern.lastIndex
    return found[1] ?? found[0]
  }

  #fail(expected: string, at: number = this.#at): never {
    throw new FilterError(this.#filter, at, expected)
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b' }

/** Python's escapes; those of regular expressions (`\.`, `\w`, `\s`) stay as they are. */
function unescapeText(text: string): string {
  return text.replaceAll(/\\(?:x([\da-fA-F]{2})|(.))/gs, (whole, hex: string | undefined, char: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    if (char in ESCAPES) return ESCAPES[char]!
    return char === '"' || char === "'" || char === '\\' ? char : whole
  })
}

/**
 * A time of a filter: digits are microseconds since 1970, else ISO 8601, in UTC where it names no zone.
 *
 * @returns Undefined for what is neither.
 */
export function readTime(text: string): bigint | undefined {
  if (/^-?\d{5,19}$/.test(text)) return BigInt(text)
  const found =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?$/.exec(
      text.trim(),
    )
  if (found === null) return undefined
  const [, date, clock = '00:00:00', fraction = '', zone = 'Z'] = found
  const ms = Date.parse(`${date}T${clock.length === 5 ? `${clock}:00` : clock}${zone}`)
  if (Number.isNaN(ms)) return undefined
  return BigInt(ms) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6))
}
