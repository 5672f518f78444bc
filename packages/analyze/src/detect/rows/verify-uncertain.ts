import { splitWildcard } from '@timeskein/query'
import {
  type AnyTypeTest,
  compileAnyTypeTest,
  type IndexReading,
  type RowRange,
  RowSet,
  someValue,
  someValueAt,
  type WordQuestion,
} from '@timeskein/store'
import type { PredicateTable } from '../plan/predicate.ts'
import type { RuleNode } from '../plan/rule-node.ts'
import type { Bounds } from './bounds.ts'
import type { PredicateRows } from './find-bounds.ts'

/** Events whose source is read at once. */
const EVENTS_PER_READ = 1024
/** Shorter texts have been looked at in their columns. */
const MAX_SHORT_UNITS = 256
/** An event's time is asked for as a time. */
const NOT_TEXTS: ReadonlySet<string> = new Set(['datetime', 'timestamp'])

/** A question with the rows that may answer it but whose long texts were not looked at yet. */
export interface Uncertain {
  readonly node: RuleNode
  readonly rows: RowSet
  /** Rows that turn out to answer are added here, ascending. */
  readonly found: number[]
  /** Milliseconds spent on it are added. */
  spentMs: number
}

/** What verifying needs beside the questions. */
export interface VerifyOptions {
  readonly table: PredicateTable
  readonly signal: AbortSignal | undefined
}

/** Reads the events that some question is unsure of, each once for all questions. */
export async function verifyUncertain(
  questions: readonly Uncertain[],
  index: IndexReading,
  range: RowRange,
  rows: PredicateRows,
  { table, signal }: VerifyOptions,
): Promise<void> {
  const [first] = questions
  if (!first) return
  const all = questions.reduce((sum, one) => sum.or(one.rows), RowSet.none(first.rows.universe)).toArray()
  const nodes = await Promise.all(
    questions.map(async (question) => await prepare(question.node, rows, question.rows)),
  )
  const tests = new Map<number, AnyTypeTest>()
  const pieces = new Map<number, string | undefined>()
  const answersInTexts = (predicate: number, event: SourceText): boolean => {
    // Only patterns and expressions have uncertain rows.
    const query = table.get(predicate).query as WordQuestion
    let test = tests.get(predicate)
    if (!test) {
      test = compileAnyTypeTest(query)
      tests.set(predicate, test)
    }
    if (!pieces.has(predicate)) pieces.set(predicate, readPiece(query))
    const piece = pieces.get(predicate)
    if (piece !== undefined && event.lacks(piece)) return false
    const { field } = query
    if (field === undefined)
      return someValue(event.value, NOT_TEXTS, (value) => typeof value === 'string' && test(value, 'string'))
    return someValueAt(
      event.value,
      field,
      (value) => typeof value === 'string' && value.length > MAX_SHORT_UNITS && test(value, 'string'),
    )
  }
  for (let start = 0; start < all.length; start += EVENTS_PER_READ) {
    signal?.throwIfAborted()
    const some = all.subarray(start, start + EVENTS_PER_READ)
    const sources = await index.sourcesAt(
      some.map((row) => row + range.start),
      signal,
    )
    const asked = [...questions.entries()].filter(
      ([, { rows: own }]) => own.countIn(some[0]!, some.at(-1)! + 1) > 0,
    )
    for (const [at, row] of some.entries()) {
      const event = new SourceText(sources[at]!)
      const answers = new Map<number, boolean>()
      const isTrue = (predicate: number, bounds: Bounds): boolean => {
        if (bounds.low.has(row)) return true
        if (bounds.low === bounds.high || !bounds.high.has(row)) return false
        let answer = answers.get(predicate)
        if (answer === undefined) {
          answer = answersInTexts(predicate, event)
          answers.set(predicate, answer)
        }
        return answer
      }
      for (const [number, question] of asked) {
        if (!question.rows.has(row)) continue
        const startMs = performance.now()
        if (holds(nodes[number]!, isTrue)) question.found.push(row)
        question.spentMs += performance.now() - startMs
      }
    }
  }
}

/** An event's source, parsed only when its text does not tell. */
class SourceText {
  readonly #source: string
  #folded: string | undefined
  #value: unknown
  #hasEscapes: boolean | undefined

  constructor(source: string) {
    this.#source = source
  }

  get value(): unknown {
    this.#value ??= JSON.parse(this.#source)
    return this.#value
  }

  /** True when no text of the event holds a piece in lower case, as JSON writes it; a letter may be written as an escape. */
  lacks(piece: string): boolean {
    this.#folded ??= this.#source.toLowerCase()
    if (this.#folded.includes(piece)) return false
    this.#hasEscapes ??= this.#source.includes('\\u') || this.#source.includes('\\/')
    return !this.#hasEscapes
  }
}

/** The longest piece of plain text that an answer must hold, in lower case and as JSON writes it. */
function readPiece(query: WordQuestion): string | undefined {
  if (query.kind !== 'wildcard') return undefined
  let longest = ''
  for (const part of splitWildcard(query.pattern))
    if (part.kind === 'literal' && part.text.length > longest.length) longest = part.text
  if (!/^[\x20-\x7e]+$/.test(longest)) return undefined
  return JSON.stringify(longest).slice(1, -1).toLowerCase()
}

/** A question with the rows of its predicates at hand. */
type PreparedNode =
  | { readonly kind: 'all' | 'none' }
  | { readonly kind: 'is'; readonly predicate: number; readonly bounds: Bounds }
  | { readonly kind: 'not'; readonly of: PreparedNode }
  | { readonly kind: 'and'; readonly of: readonly PreparedNode[] }
  | { readonly kind: 'or'; readonly of: readonly PreparedNode[]; readonly atLeast: number }

async function prepare(node: RuleNode, rows: PredicateRows, within: RowSet): Promise<PreparedNode> {
  switch (node.kind) {
    case 'all':
    case 'none':
      return { kind: node.kind }
    case 'is':
      return { ...node, bounds: await rows.find(node.predicate, within) }
    case 'not':
      return { kind: 'not', of: await prepare(node.of, rows, within) }
    case 'and':
    case 'or': {
      const of: PreparedNode[] = []
      for (const part of node.of) of.push(await prepare(part, rows, within))
      return node.kind === 'and' ? { kind: 'and', of } : { kind: 'or', of, atLeast: node.atLeast }
    }
  }
}

function holds(node: PreparedNode, isTrue: (predicate: number, bounds: Bounds) => boolean): boolean {
  switch (node.kind) {
    case 'all':
      return true
    case 'none':
      return false
    case 'is':
      return isTrue(node.predicate, node.bounds)
    case 'not':
      return !holds(node.of, isTrue)
    case 'and':
      return node.of.every((part) => holds(part, isTrue))
    case 'or': {
      let left = node.atLeast
      for (const part of node.of) if (left > 0 && holds(part, isTrue)) left--
      return left <= 0
    }
  }
}
