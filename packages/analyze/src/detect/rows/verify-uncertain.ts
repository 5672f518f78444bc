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
import { findRows } from './find-rows.ts'
import { LARGE_SOURCE_BYTES } from './large-source.ts'
import { type BlockPieces, SourcePieces } from './source-pieces.ts'

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
  const open: OpenQuestion[] = []
  for (const question of questions) {
    const { node, rows: unsureRows } = question
    const bounds = new Map<number, Bounds>()
    const prepared = await prepare(node, rows, unsureRows, bounds)
    const unsure = [...bounds].flatMap(([predicate, { low, high }]) => (low === high ? [] : [predicate]))
    const lows = findRows(node, unsureRows, (predicate) => bounds.get(predicate)!.low)
    open.push({ question, node: prepared, unsure, lows })
  }
  const texts = new LongTexts(
    open.flatMap(({ unsure }) => unsure),
    table,
  )
  const large: number[] = []
  await index.visitSources(
    all.map((row) => row + range.start),
    (source, firstSeq, start, end) => {
      const some = all.subarray(start, end)
      // A large source has a block of its own.
      if (source.bytes.length > LARGE_SOURCE_BYTES) large.push(...some)
      else verifyBlock(open, some, texts.open(source), firstSeq - range.start)
    },
    signal,
  )
  const turns = new Turns()
  for (const row of large) {
    const [source] = await index.sourcesAt(Uint32Array.of(row + range.start), signal)
    const bytes = Buffer.from(source!)
    const block = texts.open({ bytes, offsets: Uint32Array.of(0, bytes.length) })
    for (const one of open) {
      signal?.throwIfAborted()
      if (turns.isDue) await turns.giveWay()
      verifyBlock([one], Uint32Array.of(row), block, row)
    }
  }
  if (large.length > 0) for (const { found } of questions) found.sort((a, b) => a - b)
}

/** @param blockStart - The row of the range that the block begins with. */
function verifyBlock(
  questions: readonly OpenQuestion[],
  some: Uint32Array,
  block: BlockTexts,
  blockStart: number,
): void {
  for (const one of questions)
    if (one.question.rows.countIn(some[0]!, some.at(-1)! + 1) > 0) verifyInBlock(one, some, block, blockStart)
}

/** A question that is being answered. */
interface OpenQuestion {
  readonly question: Uncertain
  readonly node: PreparedNode
  /** Predicates that texts decide for some row. */
  readonly unsure: readonly number[]
  /** Rows that answer where texts say nothing more of any predicate. */
  readonly lows: RowSet
}

function verifyInBlock(
  { question, node, unsure, lows }: OpenQuestion,
  some: Uint32Array,
  block: BlockTexts,
  blockStart: number,
): void {
  const startMs = performance.now()
  if (unsure.every((predicate) => block.lacks(predicate))) {
    for (const row of lows.toArray(some[0]!, some.at(-1)! + 1)) question.found.push(row)
  } else {
    for (const row of some) {
      if (!question.rows.has(row)) continue
      const isTrue = (predicate: number, { low, high }: Bounds): boolean =>
        low.has(row) || (low !== high && high.has(row) && block.answers(predicate, row - blockStart))
      if (holds(node, isTrue)) question.found.push(row)
    }
  }
  question.spentMs += performance.now() - startMs
}

/** Answers predicates from the texts of events. */
class LongTexts {
  readonly #pieces: SourcePieces
  readonly #queries: ReadonlyMap<number, WordQuestion>
  readonly #tests = new Map<number, AnyTypeTest>()

  constructor(predicates: Iterable<number>, table: PredicateTable) {
    // Only patterns and expressions have uncertain rows.
    this.#queries = new Map(
      Array.from(predicates, (number) => [number, table.get(number).query as WordQuestion]),
    )
    this.#pieces = new SourcePieces(this.#queries)
  }

  open(source: SourceBytes): BlockTexts {
    return new BlockTexts(source, this.#pieces.open(source), (predicate, event) =>
      this.#look(predicate, event),
    )
  }

  #look(predicate: number, event: unknown): boolean {
    const query = this.#queries.get(predicate)!
    let test = this.#tests.get(predicate)
    if (!test) {
      test = compileAnyTypeTest(query)
      this.#tests.set(predicate, test)
    }
    const passes = test
    const { field } = query
    if (field === undefined)
      return someValue(event, NOT_TEXTS, (value) => typeof value === 'string' && passes(value, 'string'))
    return someValueAt(
      event,
      field,
      (value) => typeof value === 'string' && value.length > MAX_SHORT_UNITS && passes(value, 'string'),
    )
  }
}

/** The texts of a block of events; a source is read as JSON when its bytes do not tell. */
class BlockTexts {
  readonly #source: SourceBytes
  readonly #pieces: BlockPieces
  readonly #look: (predicate: number, event: unknown) => boolean
  readonly #events = new Map<number, { readonly event: unknown; readonly answers: Map<number, boolean> }>()

  constructor(
    source: SourceBytes,
    pieces: BlockPieces,
    look: (predicate: number, event: unknown) => boolean,
  ) {
    this.#source = source
    this.#pieces = pieces
    this.#look = look
  }

  /** True when no text of the whole block can be an answer. */
  lacks(predicate: number): boolean {
    return this.#pieces.blockLacks(predicate)
  }

  answers(predicate: number, row: number): boolean {
    if (this.#pieces.lacks(predicate, row)) return false
    let known = this.#events.get(row)
    if (!known) {
      const { bytes, offsets } = this.#source
      const event: unknown = JSON.parse(bytes.toString('utf8', offsets[row]!, offsets[row + 1]!))
      known = { event, answers: new Map() }
      this.#events.set(row, known)
    }
    let answer = known.answers.get(predicate)
    if (answer === undefined) {
      answer = this.#look(predicate, known.event)
      known.answers.set(predicate, answer)
    }
    return answer
  }
}

/** A question with the rows of its predicates at hand. */
type PreparedNode =
  | { readonly kind: 'all' | 'none' }
  | { readonly kind: 'is'; readonly predicate: number; readonly bounds: Bounds }
  | { readonly kind: 'not'; readonly of: PreparedNode }
  | { readonly kind: 'and'; readonly of: readonly PreparedNode[] }
  | { readonly kind: 'or'; readonly of: readonly PreparedNode[]; readonly atLeast: number }

/** @param known - The bounds of each predicate are added. */
async function prepare(
  node: RuleNode,
  rows: PredicateRows,
  within: RowSet,
  known: Map<number, Bounds>,
): Promise<PreparedNode> {
  switch (node.kind) {
    case 'all':
    case 'none':
      return { kind: node.kind }
    case 'is': {
      const { predicate } = node
      const bounds = known.get(predicate) ?? (await rows.find(predicate, within))
      known.set(predicate, bounds)
      return { kind: 'is', predicate, bounds }
    }
    case 'not':
      return { kind: 'not', of: await prepare(node.of, rows, within, known) }
    case 'and':
    case 'or': {
      const of: PreparedNode[] = []
      for (const part of node.of) of.push(await prepare(part, rows, within, known))
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
