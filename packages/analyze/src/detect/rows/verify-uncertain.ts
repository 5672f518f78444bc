import {
  type AnyTypeTest,
  compileAnyTypeTest,
  type IndexReading,
  type RowRange,
  RowSet,
  type SourceBytes,
  someValue,
  someValueAt,
  Turns,
  type WordQuestion,
} from '@timeskein/store'
import type { PredicateTable } from '../plan/predicate.ts'
import type { RuleNode } from '../plan/rule-node.ts'
import type { Bounds } from './bounds.ts'
import type { PredicateRows } from './find-bounds.ts'
import { type BlockPieces, SourcePieces } from './source-pieces.ts'

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
  const texts = new LongTexts(nodes.flatMap(listUnsure), table)
  const turns = new Turns()
  for (let start = 0; start < all.length; start += EVENTS_PER_READ) {
    signal?.throwIfAborted()
    if (turns.isDue) await turns.giveWay()
    const some = all.subarray(start, start + EVENTS_PER_READ)
    const events = new Array<SourceText>(some.length)
    const seqs = some.map((row) => row + range.start)
    await index.visitSources(
      seqs,
      (at, block, row) => {
        events[at] = texts.open(block, row)
      },
      signal,
    )
    for (const [number, question] of questions.entries()) {
      if (question.rows.countIn(some[0]!, some.at(-1)! + 1) === 0) continue
      const startMs = performance.now()
      for (const [at, row] of some.entries()) {
        if (!question.rows.has(row)) continue
        const event = events[at]!
        const isTrue = (predicate: number, { low, high }: Bounds): boolean =>
          low.has(row) || (low !== high && high.has(row) && texts.answers(predicate, event))
        if (holds(nodes[number]!, isTrue)) question.found.push(row)
      }
      question.spentMs += performance.now() - startMs
    }
  }
}

/** An event whose texts are looked at; its source is read as JSON when its bytes do not tell. */
interface SourceText {
  readonly row: number
  readonly block: BlockPieces
  readonly source: SourceBytes
  value: unknown
  /** By predicate. */
  readonly answers: Map<number, boolean>
}

/** Answers predicates from the texts of events. */
class LongTexts {
  readonly #pieces: SourcePieces
  readonly #queries: ReadonlyMap<number, WordQuestion>
  readonly #tests = new Map<number, AnyTypeTest>()
  #block: BlockPieces | undefined
  #source: SourceBytes | undefined

  constructor(predicates: Iterable<number>, table: PredicateTable) {
    // Only patterns and expressions have uncertain rows.
    this.#queries = new Map(
      Array.from(predicates, (number) => [number, table.get(number).query as WordQuestion]),
    )
    this.#pieces = new SourcePieces(this.#queries)
  }

  /** Rows of one block follow each other. */
  open(source: SourceBytes, row: number): SourceText {
    if (source !== this.#source || !this.#block) {
      this.#source = source
      this.#block = this.#pieces.open(source)
    }
    return { row, block: this.#block, source, value: undefined, answers: new Map() }
  }

  answers(predicate: number, event: SourceText): boolean {
    if (event.block.lacks(predicate, event.row)) return false
    let answer = event.answers.get(predicate)
    if (answer === undefined) {
      answer = this.#look(predicate, event)
      event.answers.set(predicate, answer)
    }
    return answer
  }

  #look(predicate: number, event: SourceText): boolean {
    const query = this.#queries.get(predicate)!
    let test = this.#tests.get(predicate)
    if (!test) {
      test = compileAnyTypeTest(query)
      this.#tests.set(predicate, test)
    }
    const passes = test
    const { bytes, offsets } = event.source
    event.value ??= JSON.parse(bytes.toString('utf8', offsets[event.row]!, offsets[event.row + 1]!))
    const { field } = query
    if (field === undefined)
      return someValue(
        event.value,
        NOT_TEXTS,
        (value) => typeof value === 'string' && passes(value, 'string'),
      )
    return someValueAt(
      event.value,
      field,
      (value) => typeof value === 'string' && value.length > MAX_SHORT_UNITS && passes(value, 'string'),
    )
  }
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

/** Predicates that texts decide for some row. */
function listUnsure(node: PreparedNode): readonly number[] {
  switch (node.kind) {
    case 'all':
    case 'none':
      return []
    case 'is':
      return node.bounds.low === node.bounds.high ? [] : [node.predicate]
    case 'not':
      return listUnsure(node.of)
    case 'and':
    case 'or':
      return node.of.flatMap(listUnsure)
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
