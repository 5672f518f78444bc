import { invalid } from '../../../errors/domain-error.ts'

/** Parts of a filter may stand in one another so deep. */
const MAX_DEPTH = 50
const MAX_LENGTH = 20_000
const OPERATORS = [
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'like',
  'starts_with',
  'ends_with',
  'contains',
  'matches',
  'in',
  'exists',
] as const

/** How a field is compared; `like` takes `%` for anything. */
export type FilterOperator = (typeof OPERATORS)[number]

/** A rule's filter. */
export type Filter =
  | {
      readonly kind: 'compare'
      readonly field: string
      readonly operator: FilterOperator
      readonly values: readonly (string | number)[]
    }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Filter[] }

interface Token {
  readonly kind: 'word' | 'text' | 'number' | 'sign' | 'end'
  readonly text: string
  /** From 0. */
  readonly at: number
}

const TOKEN =
  /\s*(?:(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<number>-?\d+(?:\.\d+)?(?![\w.]))|(?<word>[A-Za-z_@][\w.@:-]*)|(?<sign>!=|<=|>=|[=<>(),]))/y

/**
 * Reads the language of Threat Stack's rule filters: `event_type = "audit" and (exe like "%/sudo" or not user = "root")`.
 *
 * @throws {DomainError} `invalid` (`bad-filter`) with the place.
 */
export function parseFilter(source: string): Filter {
  if (source.length > MAX_LENGTH)
    throw invalid(
      'bad-filter',
      `A filter has at most ${MAX_LENGTH} characters; this one has ${source.length}.`,
    )
  const tokens = readTokens(source)
  let place = 0
  const next = (): Token => tokens[place]!
  const fail = (expected: string): Error => {
    const { kind, text, at } = next()
    const found = kind === 'end' ? 'the end of the filter' : JSON.stringify(text.slice(0, 40))
    return invalid(
      'bad-filter',
      `Cannot read the filter at character ${at + 1}: ${expected} expected, found ${found}.`,
    )
  }
  const isWord = (word: string): boolean => next().kind === 'word' && next().text.toLowerCase() === word
  const isSign = (sign: string): boolean => next().kind === 'sign' && next().text === sign

  const readChain = (word: 'or' | 'and', readPart: (depth: number) => Filter, depth: number): Filter => {
    const parts = [readPart(depth)]
    while (isWord(word)) {
      place += 1
      parts.push(readPart(depth))
    }
    return parts.length === 1 ? parts[0]! : { kind: word, of: parts }
  }
  const readOr = (depth: number): Filter => readChain('or', readAnd, depth)
  const readAnd = (depth: number): Filter => readChain('and', readNot, depth)
  const readNot = (depth: number): Filter => {
    if (depth > MAX_DEPTH) throw fail(`parts that stand at most ${MAX_DEPTH} deep in one another`)
    if (isWord('not')) {
      place += 1
      return { kind: 'not', of: readNot(depth + 1) }
    }
    if (!isSign('(')) return readComparison()
    place += 1
    const inner = readOr(depth + 1)
    if (!isSign(')')) throw fail('")"')
    place += 1
    return inner
  }
  const readComparison = (): Filter => {
    if (next().kind !== 'word') throw fail('the name of a field')
    const field = next().text
    place += 1
    const operator = OPERATORS.find((one) => one === next().text.toLowerCase())
    if (!operator || next().kind === 'text') throw fail(`one of ${OPERATORS.join(', ')}`)
    place += 1
    if (operator === 'exists') return { kind: 'compare', field, operator, values: [] }
    return { kind: 'compare', field, operator, values: operator === 'in' ? readList() : [readValue()] }
  }
  const readList = (): readonly (string | number)[] => {
    if (!isSign('(')) throw fail('"("')
    const values: (string | number)[] = []
    do {
      place += 1
      values.push(readValue())
    } while (isSign(','))
    if (!isSign(')')) throw fail('")"')
    place += 1
    return values
  }
  const readValue = (): string | number => {
    const { kind, text } = next()
    if (kind !== 'text' && kind !== 'number' && kind !== 'word') throw fail('a value')
    place += 1
    if (kind === 'number') return Number(text)
    return kind === 'word' ? text : text.slice(1, -1).replace(/\\(["'\\])/g, '$1')
  }

  const filter = readOr(0)
  if (next().kind !== 'end') throw fail('"and", "or" or the end of the filter')
  return filter
}

function readTokens(source: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (source.slice(at).trim() !== '') {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(source)
    if (!match?.groups)
      throw invalid(
        'bad-filter',
        `Cannot read the filter at character ${at + 1}: a field, value, operator or parenthesis expected, found ${JSON.stringify(source.slice(at, at + 20).trim())}.`,
      )
    const [kind, text] = Object.entries(match.groups).find(([, value]) => value !== undefined)!
    tokens.push({ kind: kind as Token['kind'], text, at: TOKEN.lastIndex - text.length })
    at = TOKEN.lastIndex
  }
  return [...tokens, { kind: 'end', text: '', at: source.length }]
}
