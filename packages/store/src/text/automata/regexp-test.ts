import {
  type CodePointRange,
  hasLogic,
  parseLuceneRegexp,
  QueryError,
  type RegexpNode,
} from '@timeskein/query'
import { RE2JS } from 're2js'
import { LazyAutomaton, VERDICTS } from './lazy-automaton.ts'
import { drawRegexp } from './regexp-graph.ts'

/** A test of whole strings, with what every match begins with, or (`isExact`) the only string that matches. */
export interface RegexpTest {
  readonly prefix: string
  readonly isExact?: string
  readonly matches: (text: string) => boolean
  /** Says the same of UTF-8 bytes; there for expressions that `drawRegexp` draws. */
  readonly automaton?: LazyAutomaton
}

/**
 * Compiles a Lucene regular expression (syntax: `parseLuceneRegexp`) to a test that runs in linear time: in an automaton
 * where texts are ASCII and the expression can be drawn, else in RE2.
 *
 * `~` and `&` are answered by logic, not by automata: they may stand at the top, in `|`, `&`, `~` and groups, but not
 * inside a larger sequence or repetition.
 *
 * @throws {QueryError} When the expression has no meaning, is too large, or has `~` or `&` where they are not supported.
 */
export function compileRegexpTest(pattern: string, isCaseInsensitive: boolean): RegexpTest {
  const node = parseLuceneRegexp(pattern)
  const test = compileLogic(node, pattern, isCaseInsensitive)
  const { text, isWhole } = beginningOf(node)
  if (isCaseInsensitive) return { prefix: uncasedBeginning(text), ...test }
  return isWhole ? { prefix: text, isExact: text, ...test } : { prefix: text, ...test }
}

/**
 * The expression in RE2's syntax, for engines that have an RE2 of their own; to be matched against whole strings.
 *
 * @returns Undefined for expressions with `~` or `&`, which RE2 does not know.
 * @throws {QueryError} When the expression has no meaning.
 */
export function writeRe2Pattern(pattern: string): string | undefined {
  const node = parseLuceneRegexp(pattern)
  return hasLogic(node) ? undefined : writeRe2(node, pattern)
}

function compileLogic(
  node: RegexpNode,
  pattern: string,
  isCaseInsensitive: boolean,
): Pick<RegexpTest, 'matches' | 'automaton'> {
  if (node.kind === 'complement') {
    const { matches } = compileLogic(node.of, pattern, isCaseInsensitive)
    return { matches: (text) => !matches(text) }
  }
  if (node.kind === 'intersection' || (node.kind === 'union' && node.of.some(hasLogic))) {
    const tests = node.of.map((part) => compileLogic(part, pattern, isCaseInsensitive).matches)
    if (node.kind === 'union') return { matches: (text) => tests.some((test) => test(text)) }
    return { matches: (text) => tests.every((test) => test(text)) }
  }
  const compile = (): ((text: string) => boolean) =>
    compileRe2(writeRe2(node, pattern), pattern, isCaseInsensitive)
  const leastUnits = leastLengthOf(node)
  const graph = drawRegexp(node, isCaseInsensitive)
  if (!graph) {
    const matchesRe2 = compile()
    return { matches: (text) => text.length >= leastUnits && matchesRe2(text) }
  }
  const automaton = new LazyAutomaton(graph)
  // Most texts are ASCII: few expressions ever need it.
  let matchesRe2: ReturnType<typeof compile> | undefined
  const matches = (text: string): boolean => {
    // An automaton that counts to a thousand has a thousand states of up to as many parts.
    if (text.length < leastUnits) return false
    const verdict = automaton.testText(text)
    if (verdict !== VERDICTS.unsure) return verdict === VERDICTS.accepted
    matchesRe2 ??= compile()
    return matchesRe2(text)
  }
  return { matches, automaton }
}

function compileRe2(re2: string, pattern: string, isCaseInsensitive: boolean): (text: string) => boolean {
  try {
    const compiled = RE2JS.compile(re2, isCaseInsensitive ? RE2JS.CASE_INSENSITIVE : 0)
    return (text) => compiled.testExact(text)
  } catch (cause) {
    // The parser's own bounds are lower than RE2's: this is for those that nobody knows of.
    throw new QueryError(
      'the regular expression is too large to be asked; a smaller one expected',
      pattern,
      0,
      {
        cause,
      },
    )
  }
}

function writeRe2(node: RegexpNode, pattern: string): string {
  switch (node.kind) {
    case 'union':
      return `(?:${node.of.map((part) => writeRe2(part, pattern)).join('|')})`
    case 'sequence':
      return node.of.map((part) => writeRe2(part, pattern)).join('')
    case 'repeat':
      return writeRepeat(node, pattern)
    case 'literal':
      return Array.from(node.text, (character) => writeCodePoint(character.codePointAt(0)!)).join('')
    case 'class':
      return writeClass(node.ranges, node.isNegated)
    case 'any-string':
      return '(?s:.*)'
    case 'nothing':
      return '[^\\x{0}-\\x{10FFFF}]'
    case 'interval':
      return writeInterval(node.least, node.most, node.digits)
    case 'complement':
    case 'intersection':
      throw new QueryError(`regular expression /${pattern}/: ~ and & have no RE2 form`, pattern, 0)
    default:
      return node satisfies never
  }
}

function writeRepeat(node: RegexpNode & { readonly kind: 'repeat' }, pattern: string): string {
  const { least, most } = node
  if (most !== undefined && most < least) return '[^\\x{0}-\\x{10FFFF}]'
  const operand = `(?:${writeRe2(node.of, pattern)})`
  if (most === undefined)
    return least === 0 ? `${operand}*` : least === 1 ? `${operand}+` : `${operand}{${least},}`
  return `${operand}{${least},${most}}`
}

function writeClass(ranges: readonly CodePointRange[], isNegated: boolean): string {
  if (ranges.length === 0) return '(?s:.)'
  const list = ranges.map(([first, last]) => `${writeCodePoint(first)}-${writeCodePoint(last)}`).join('')
  return `[${isNegated ? '^' : ''}${list}]`
}

function writeCodePoint(codePoint: number): string {
  return `\\x{${codePoint.toString(16)}}`
}

function writeInterval(least: bigint, most: bigint, digits: number): string {
  const options: string[] = []
  if (digits > 0) {
    options.push(
      ...writeDigits(least.toString().padStart(digits, '0'), most.toString().padStart(digits, '0')),
    )
    return `(?:${options.join('|')})`
  }
  for (let length = least.toString().length; length <= most.toString().length; length++) {
    const lowest = length === 1 ? 0n : 10n ** BigInt(length - 1)
    const highest = 10n ** BigInt(length) - 1n
    const low = least > lowest ? least : lowest
    const high = most < highest ? most : highest
    options.push(...writeDigits(low.toString(), high.toString()))
  }
  return `0*(?:${options.join('|')})`
}

/** Expressions for the numbers from `low` to `high`, which have the same number of digits. */
function writeDigits(low: string, high: string): string[] {
  const rest = low.length - 1
  const [first, last] = [Number(low[0]), Number(high[0])]
  if (rest === 0) return [`[${first}-${last}]`]
  const lowest = '0'.repeat(rest)
  const highest = '9'.repeat(rest)
  if (first === last) return writeDigits(low.slice(1), high.slice(1)).map((option) => `${first}${option}`)
  const options: string[] = []
  const isLowFull = low.slice(1) === lowest
  const isHighFull = high.slice(1) === highest
  if (!isLowFull) options.push(...writeDigits(low.slice(1), highest).map((option) => `${first}${option}`))
  const from = isLowFull ? first : first + 1
  const to = isHighFull ? last : last - 1
  if (from <= to) options.push(`[${from}-${to}][0-9]{${rest}}`)
  if (!isHighFull) options.push(...writeDigits(lowest, high.slice(1)).map((option) => `${last}${option}`))
  return options
}

/** Characters that every match has at least. */
function leastLengthOf(node: RegexpNode): number {
  switch (node.kind) {
    case 'union':
      return node.of.reduce((least, part) => Math.min(least, leastLengthOf(part)), Number.POSITIVE_INFINITY)
    case 'sequence':
      return node.of.reduce((sum, part) => sum + leastLengthOf(part), 0)
    case 'repeat':
      return node.least === 0 ? 0 : node.least * leastLengthOf(node.of)
    case 'literal':
      return Array.from(node.text).length
    case 'class':
      return 1
    case 'interval':
      return node.digits > 0 ? node.digits : node.least.toString().length
    default:
      return 0
  }
}

/** What every match begins with, and whether that is all of it. */
function beginningOf(node: RegexpNode): { readonly text: string; readonly isWhole: boolean } {
  switch (node.kind) {
    case 'literal':
      return { text: node.text, isWhole: true }
    case 'sequence': {
      let text = ''
      for (const part of node.of) {
        const beginning = beginningOf(part)
        text += beginning.text
        if (!beginning.isWhole) return { text, isWhole: false }
      }
      return { text, isWhole: true }
    }
    case 'union':
      return { text: node.of.map((part) => beginningOf(part).text).reduce(commonBeginning), isWhole: false }
    case 'intersection':
      return {
        text: node.of.map((part) => beginningOf(part).text).reduce((a, b) => (b.length > a.length ? b : a)),
        isWhole: false,
      }
    case 'repeat':
      return { text: node.least > 0 ? beginningOf(node.of).text : '', isWhole: false }
    default:
      return { text: '', isWhole: false }
  }
}

function commonBeginning(a: string, b: string): string {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  // Half a code point is no beginning of a token's bytes.
  return a.slice(0, length).replace(/[\ud800-\udbff]$/, '')
}

function uncasedBeginning(text: string): string {
  let beginning = ''
  for (const character of text) {
    if (character.toLowerCase() !== character || character.toUpperCase() !== character) break
    beginning += character
  }
  return beginning
}
