import { splitWildcard, type Wildcard, type WildcardPart } from '@timeskein/query'
import type { ValueKind } from '@timeskein/store'
import { type AnyTypeTest, compileAnyTypeTest, LiteralAutomaton } from '@timeskein/store/texts'
import type { Predicate } from '../plan/predicate.ts'
import { readRegexpLiteral } from './required-literal.ts'

/** Stand before and behind each value, so that literals at its ends are literals like others. Unicode gives them no character. */
const START = '\ufdd0'
const END = '\ufdd1'

/** What is known of a value, or of a part of it, before predicates themselves are looked at. */
export interface LiteralsTell {
  /** Predicates that it answers for certain. */
  readonly sure: readonly number[]
  /** Predicates that it may answer. */
  readonly maybe: readonly number[]
}

/** Which of a value's lines is meant: one may be the first and the last. */
export interface LinePlace {
  readonly isFirst: boolean
  readonly isLast: boolean
}

/** Tells of a value which of a field's predicates it answers; each literal of all of them is looked for at once. */
export class ValueTester {
  readonly #automaton = new LiteralAutomaton()
  /** By the literal's number: predicates that hold where it stands, and those that must be looked at then. */
  readonly #sure: number[][] = []
  readonly #maybe: number[][] = []
  /** Literals of one letter, which stand in so many texts that the automaton would stop at every one. */
  readonly #letters: { readonly letter: string; readonly number: number }[] = []
  /** No literal tells anything of them. */
  readonly #others: number[] = []
  readonly #predicates: ReadonlyMap<number, Predicate>
  readonly #tests = new Map<number, AnyTypeTest>()

  private constructor(predicates: readonly Predicate[]) {
    this.#predicates = new Map(predicates.map((predicate) => [predicate.number, predicate]))
  }

  /**
   * Makes a tester, predicate by predicate: of some fields there are ten thousand.
   *
   * @param predicates - All of one field.
   */
  static *make(predicates: readonly Predicate[]): Generator<void, ValueTester, undefined> {
    const tester = new ValueTester(predicates)
    for (const predicate of predicates) {
      tester.#add(predicate)
      yield
    }
    yield* tester.#automaton.finishInSteps()
    return tester
  }

  /** The predicates that a value answers, each once, in no order. */
  test(text: string, kind: ValueKind): number[] {
    const { sure: answered, maybe: open } = this.#look(text, START, END)
    for (const number of open) if (this.testOne(number, text, kind)) answered.push(number)
    return answered
  }

  /** The same predicate by predicate, for a text so long that each takes its time. */
  *testInSteps(text: string, kind: ValueKind): Generator<void, number[], undefined> {
    const { sure: answered, maybe: open } = this.#look(text, START, END)
    for (const number of open) {
      yield
      if (this.testOne(number, text, kind)) answered.push(number)
    }
    return answered
  }

  /**
   * What one line of a value tells of the whole; predicates may be told several times. Those of which no literal tells anything are
   * told with the last line.
   */
  lookAtLine(line: string, { isFirst, isLast }: LinePlace): LiteralsTell {
    return this.#look(line, isFirst ? START : '', isLast ? END : '')
  }

  #look(text: string, before: string, after: string): { readonly sure: number[]; readonly maybe: number[] } {
    const found: number[] = []
    const maybe = after === END ? [...this.#others] : []
    // A value may hold the signs themselves; then nothing is sure.
    const sure = text.includes(START) || text.includes(END) ? maybe : found
    const tell = (literal: number): void => {
      for (const number of this.#sure[literal]!) sure.push(number)
      for (const number of this.#maybe[literal]!) maybe.push(number)
    }
    const folded = text.toLowerCase()
    this.#automaton.find(folded, tell, before, after)
    for (const { letter, number } of this.#letters) if (folded.includes(letter)) tell(number)
    return { sure: found, maybe }
  }

  /** Whether a value answers one of the predicates. */
  testOne(number: number, text: string, kind: ValueKind): boolean {
    let test = this.#tests.get(number)
    if (!test) {
      // The field of a predicate is known for these three kinds alone.
      const query = this.#predicates.get(number)!.query as Parameters<typeof compileAnyTypeTest>[0]
      test = compileAnyTypeTest(query)
      this.#tests.set(number, test)
    }
    return test(text, kind)
  }

  #add(predicate: Predicate): void {
    const { query } = predicate
    const literal = readLiteralOf(query)
    if (!literal) {
      this.#others.push(predicate.number)
      return
    }
    const number = this.#numberOf(literal.text)
    if (number === this.#sure.length) {
      this.#sure.push([])
      this.#maybe.push([])
    }
    if (literal.isAll) this.#sure[number]!.push(predicate.number)
    else this.#maybe[number]!.push(predicate.number)
  }

  #numberOf(literal: string): number {
    const next = this.#sure.length
    if (literal.length > 1) return this.#automaton.add(literal, next)
    const known = this.#letters.find(({ letter }) => letter === literal)
    if (known) return known.number
    this.#letters.push({ letter: literal, number: next })
    return next
  }
}

/** A literal that every answer of a question has, in lower case. */
function readLiteralOf(
  query: Predicate['query'],
): { readonly text: string; readonly isAll: boolean } | undefined {
  if (query.kind === 'wildcard') return readLiteral(query)
  const text = query.kind === 'regexp' ? readRegexpLiteral(query.pattern) : undefined
  return text === undefined ? undefined : { text, isAll: false }
}

/** A literal, within a line, that every value of a pattern has, in lower case; `isAll`: nothing else is asked. */
function readLiteral(query: Wildcard): { readonly text: string; readonly isAll: boolean } | undefined {
  const { pattern, caseInsensitive } = query
  // Lower case of other letters may hang on what stands beside them.
  if (!caseInsensitive && /[^\x00-\x7f]/.test(pattern)) return undefined
  const parts = splitWildcard(pattern)
  const literals = parts.flatMap((part, at) =>
    part.kind === 'literal' ? withEnds(part.text.toLowerCase(), parts, at).split('\n') : [],
  )
  if (parts.length === 0) return { text: START + END, isAll: true }
  const longest = literals.reduce((best, one) => (one.length > best.length ? one : best), '')
  // A sign alone is no part of any line.
  if (longest === '' || longest === START || longest === END) return undefined
  if (pattern.includes(START) || pattern.includes(END)) return undefined
  const isAll = caseInsensitive && literals.length === 1 && parts.every(({ kind }) => kind !== 'one')
  return { text: longest, isAll }
}

function withEnds(text: string, parts: readonly WildcardPart[], at: number): string {
  return `${at === 0 ? START : ''}${text}${at === parts.length - 1 ? END : ''}`
}
