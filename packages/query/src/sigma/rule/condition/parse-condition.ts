import { MAX_NESTING_DEPTH } from '../../../limits.ts'
import { SigmaError, type SigmaPlace } from '../../problem.ts'
import type { ConditionNode } from './condition.ts'

interface Token {
  readonly text: string
  /** 0-based, in the condition. */
  readonly at: number
}

/** Names, patterns, brackets; anything else is one unexpected character. */
const TOKEN = /[()]|[\p{L}\p{N}_*.-]+|\S/gu
const WORD = /^[\p{L}\p{N}_*.-]+$/u

/**
 * Reads a condition: `or` binds least, then `and`, `not`, `1 of x*`, brackets (Sigma rules specification 2.1.0, "Condition").
 * Operators may be written in capitals.
 *
 * @param place - Where the condition stands; the column of a mistake is counted from there.
 * @throws {SigmaError}
 */
export function parseCondition(text: string, place: SigmaPlace): ConditionNode {
  return new ConditionParser(text, place).parse()
}

class ConditionParser {
  readonly #text: string
  readonly #place: SigmaPlace
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0

  constructor(text: string, place: SigmaPlace) {
    this.#text = text
    this.#place = place
    this.#tokens = [...text.matchAll(TOKEN)].map((match) => ({ text: match[0], at: match.index }))
  }

  parse(): ConditionNode {
    const node = this.#parseOr()
    if (this.#peek()) throw this.#mistake('"and", "or" or the end')
    return node
  }

  #parseOr(): ConditionNode {
    const of = [this.#parseAnd()]
    while (this.#take('or')) of.push(this.#parseAnd())
    return of.length === 1 ? of[0]! : { kind: 'or', of }
  }

  #parseAnd(): ConditionNode {
    const of = [this.#parseNot()]
    while (this.#take('and')) of.push(this.#parseNot())
    return of.length === 1 ? of[0]! : { kind: 'and', of }
  }

  #parseNot(): ConditionNode {
    let negations = 0
    while (this.#take('not')) negations++
    const operand = this.#parseOperand()
    return negations % 2 === 0 ? operand : { kind: 'not', of: operand }
  }

  #parseOperand(): ConditionNode {
    if (this.#take('(')) {
      if (++this.#depth > MAX_NESTING_DEPTH)
        throw this.#mistake(`at most ${MAX_NESTING_DEPTH} brackets within each other`)
      const node = this.#parseOr()
      if (!this.#take(')')) throw this.#mistake('")"')
      this.#depth--
      return node
    }
    const word = this.#peek()
    if (word === undefined || !WORD.test(word.text) || isOperator(word.text))
      throw this.#mistake('a search identifier, "not", "1 of" or "("')
    if (this.#tokens[this.#next + 1]?.text.toLowerCase() === 'of') return this.#parseSome(word)
    if (word.text.includes('*')) throw this.#mistake('"1 of" or "all of" before a pattern')
    this.#next++
    return { kind: 'identifier', name: word.text }
  }

  #parseSome({ text }: Token): ConditionNode {
    const quantifier = text.toLowerCase()
    const count = quantifier === 'all' ? 'all' : quantifier === 'any' ? 1 : Number(quantifier)
    if (count !== 'all' && !(Number.isSafeInteger(count) && count > 0))
      throw this.#mistake('a number, "any" or "all" before "of"')
    this.#next += 2
    const pattern = this.#peek()
    if (pattern === undefined || !WORD.test(pattern.text) || isOperator(pattern.text))
      throw this.#mistake('"them" or a pattern of search identifiers after "of"')
    this.#next++
    return { kind: 'some', count, pattern: pattern.text.toLowerCase() === 'them' ? 'them' : pattern.text }
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next]
  }

  #take(text: string): boolean {
    if (this.#peek()?.text.toLowerCase() !== text) return false
    this.#next++
    return true
  }

  #mistake(expected: string): SigmaError {
    const token = this.#peek()
    const found = token === undefined ? 'the end' : JSON.stringify(token.text)
    const { line, column } = this.#place
    // A condition over several lines stands in a block, whose own columns nobody can tell from here.
    const isOneLine = !this.#text.includes('\n')
    const at = token?.at ?? this.#text.trimEnd().length
    const place = isOneLine ? { ...this.#place, line, column: column + at } : this.#place
    return new SigmaError('bad-rule', `in the condition, ${expected} expected, found ${found}`, place)
  }
}

function isOperator(text: string): boolean {
  return /^(and|or|not)$/i.test(text)
}
