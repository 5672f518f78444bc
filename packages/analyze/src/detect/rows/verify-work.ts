import type { SourceBytes, WordQuestion } from '@timeskein/store'
import {
  type AnyTypeTest,
  compileAnyTypeTest,
  type PlainRows,
  RowSet,
  someValue,
  someValueAt,
} from '@timeskein/store/texts'
import type { BlockWork } from '../blocks/block-work.ts'
import type { RuleNode } from '../plan/rule-node.ts'
import { MAX_SHORT_UNITS, NOT_TEXTS } from '../values/texts.ts'
import { findRows } from './find-rows.ts'
import { LARGE_SOURCE_BYTES } from './large-source.ts'
import { RowTexts } from './row-texts.ts'
import { type BlockPieces, SourcePieces } from './source-pieces.ts'

/** To find out which events answer questions that only their texts decide. Rows are counted from `start`. */
export interface VerifyJob {
  readonly kind: 'verify'
  readonly start: number
  readonly questions: readonly {
    readonly node: RuleNode
    /** Rows that may answer. */
    readonly rows: PlainRows
    readonly bounds: ReadonlyMap<number, { readonly low: PlainRows; readonly high: PlainRows }>
  }[]
  /** What is asked of texts, by the number of the predicate. */
  readonly queries: ReadonlyMap<number, WordQuestion>
}

/** Of each question the rows that answer, and the milliseconds it took; and rows whose sources are too large to be looked at with others. */
export interface RowsVerified {
  readonly answers: readonly { readonly rows: readonly number[]; readonly spentMs: number }[]
  readonly large: readonly number[]
}

/** Makes ready a job's questions. */
export function openVerifyWork(job: VerifyJob): BlockWork<RowsVerified> {
  const verifier = new Verifier(job)
  let large: number[] = []
  return {
    visit: (source, firstSeq, seqs) => {
      const rows = seqs.map((seq) => seq - job.start)
      // A large source has a block of its own.
      if (source.bytes.length > LARGE_SOURCE_BYTES) large.push(...rows)
      else verifier.look(verifier.open(source, firstSeq - job.start), rows)
    },
    takeFound: () => {
      const taken = { answers: verifier.take(), large }
      large = []
      return taken
    },
  }
}

/** Answers questions, block by block. */
export class Verifier {
  readonly #questions: readonly OpenQuestion[]
  readonly #texts: LongTexts

  constructor({ questions, queries }: VerifyJob) {
    // What is shared in a job is shared here.
    const known = new Map<PlainRows, RowSet>()
    const open = (plain: PlainRows): RowSet => {
      const rows = known.get(plain) ?? RowSet.fromPlain(plain)
      known.set(plain, rows)
      return rows
    }
    this.#questions = questions.map(({ node, rows, bounds }) => {
      const opened = new Map(
        [...bounds].map(([predicate, { low, high }]) => [predicate, { low: open(low), high: open(high) }]),
      )
      const unsure = [...opened].flatMap(([predicate, { low, high }]) =>
        low === high ? [] : [{ predicate, high: high.andNot(low) }],
      )
      const unsureRows = open(rows)
      const lows = findRows(node, unsureRows, (predicate) => opened.get(predicate)!.low)
      return { node, rows: unsureRows, bounds: opened, unsure, lows, found: [], spentMs: 0 }
    })
    this.#texts = new LongTexts(queries)
  }

  /** How many questions there are; `look` takes them by number. */
  get count(): number {
    return this.#questions.length
  }

  /** Makes ready a block. @param start - The row that it begins with. */
  open(source: SourceBytes, start: number): BlockTexts {
    return this.#texts.open(source, start)
  }

  /** Looks at rows of a block, for all questions or one of them. */
  look(block: BlockTexts, rows: Uint32Array, only?: number): void {
    const [first, end] = [rows[0]!, rows.at(-1)! + 1]
    for (const [number, question] of this.#questions.entries())
      if ((only === undefined || only === number) && question.rows.countIn(first, end) > 0)
        lookFor(question, block, first, end)
  }

  /** What was found since the last call. */
  take(): RowsVerified['answers'] {
    return this.#questions.map((question) => {
      const taken = { rows: question.found, spentMs: question.spentMs }
      question.found = []
      question.spentMs = 0
      return taken
    })
  }
}

interface RowBounds {
  readonly low: RowSet
  readonly high: RowSet
}

interface OpenQuestion {
  readonly node: RuleNode
  readonly rows: RowSet
  readonly bounds: ReadonlyMap<number, RowBounds>
  /** Predicates that texts decide for some row, and of which rows. */
  readonly unsure: readonly { readonly predicate: number; readonly high: RowSet }[]
  /** Rows that answer where texts say nothing more of any predicate. */
  readonly lows: RowSet
  found: number[]
  spentMs: number
}

function lookFor(question: OpenQuestion, block: BlockTexts, first: number, end: number): void {
  const startMs = performance.now()
  const { node, rows, bounds, unsure, lows } = question
  const looked = unsure.filter(
    ({ predicate, high }) => !block.lacks(predicate) && high.countIn(first, end) > 0,
  )
  if (looked.length === 0) {
    lows.forEach(
      (row) => {
        question.found.push(row)
      },
      first,
      end,
    )
  } else {
    const isTrue = (predicate: number, row: number): boolean => {
      const { low, high } = bounds.get(predicate)!
      return low.has(row) || (low !== high && high.has(row) && block.answers(predicate, row))
    }
    // Rows without anything to be looked up are as certain as they can be.
    const isFound = (row: number): boolean =>
      looked.some(({ high }) => high.has(row)) ? holds(node, row, isTrue) : lows.has(row)
    rows.forEach(
      (row) => {
        if (isFound(row)) question.found.push(row)
      },
      first,
      end,
    )
  }
  question.spentMs += performance.now() - startMs
}

/** Answers predicates from the texts of events. */
class LongTexts {
  readonly #pieces: SourcePieces
  readonly #queries: ReadonlyMap<number, WordQuestion>
  readonly #tests = new Map<number, TextTest>()

  constructor(queries: ReadonlyMap<number, WordQuestion>) {
    this.#queries = queries
    this.#pieces = new SourcePieces(queries)
  }

  open(source: SourceBytes, start: number): BlockTexts {
    const look = (predicate: number, texts: RowTexts): boolean => this.#look(predicate, texts)
    return new BlockTexts(source, start, this.#pieces.open(source), look)
  }

  #look(predicate: number, texts: RowTexts): boolean {
    let test = this.#tests.get(predicate)
    if (!test) {
      test = compileTextTest(this.#queries.get(predicate)!)
      this.#tests.set(predicate, test)
    }
    const { field, isFolded, passes } = test
    const passesAny = (text: string): boolean => passes(isFolded ? text.toLowerCase() : text, 'string')
    if (field === undefined)
      return someValue(texts.event, NOT_TEXTS, (value) => typeof value === 'string' && passesAny(value))
    // Its rows are those with a long text in the field: where that is the only one, nothing else is read.
    const only = texts.textOf(field)
    if (only !== undefined)
      return only.length > MAX_SHORT_UNITS && passes(isFolded ? texts.foldedTextOf(field)! : only, 'string')
    return someValueAt(
      texts.event,
      field,
      (value) => typeof value === 'string' && value.length > MAX_SHORT_UNITS && passesAny(value),
    )
  }
}

/** A question made ready. */
interface TextTest {
  readonly field: string | undefined
  /** Texts are given in lower case: many questions are asked of each. */
  readonly isFolded: boolean
  readonly passes: AnyTypeTest
}

function compileTextTest(query: WordQuestion): TextTest {
  const { field } = query
  if (query.kind !== 'wildcard' || !query.caseInsensitive)
    return { field, isFolded: false, passes: compileAnyTypeTest(query) }
  const pattern = query.pattern.toLowerCase()
  return { field, isFolded: true, passes: compileAnyTypeTest({ ...query, pattern, caseInsensitive: false }) }
}

/** The texts of a block of events; a source is read as JSON where its bytes do not tell. */
class BlockTexts {
  readonly #source: SourceBytes
  readonly #start: number
  readonly #pieces: BlockPieces
  readonly #look: (predicate: number, texts: RowTexts) => boolean
  readonly #rows = new Map<number, { readonly texts: RowTexts; readonly answers: Map<number, boolean> }>()

  constructor(
    source: SourceBytes,
    start: number,
    pieces: BlockPieces,
    look: (predicate: number, texts: RowTexts) => boolean,
  ) {
    this.#source = source
    this.#start = start
    this.#pieces = pieces
    this.#look = look
  }

  /** True when no text of the whole block can be an answer. */
  lacks(predicate: number): boolean {
    return this.#pieces.blockLacks(predicate)
  }

  answers(predicate: number, row: number): boolean {
    const number = row - this.#start
    if (this.#pieces.lacks(predicate, number)) return false
    let known = this.#rows.get(number)
    if (!known) {
      known = { texts: new RowTexts(this.#source, number), answers: new Map() }
      this.#rows.set(number, known)
    }
    let answer = known.answers.get(predicate)
    if (answer === undefined) {
      answer = this.#look(predicate, known.texts)
      known.answers.set(predicate, answer)
    }
    return answer
  }
}

function holds(node: RuleNode, row: number, isTrue: (predicate: number, row: number) => boolean): boolean {
  switch (node.kind) {
    case 'all':
      return true
    case 'none':
      return false
    case 'is':
      return isTrue(node.predicate, row)
    case 'not':
      return !holds(node.of, row, isTrue)
    case 'and':
      return node.of.every((part) => holds(part, row, isTrue))
    case 'or': {
      let left = node.atLeast
      for (const part of node.of) if (left > 0 && holds(part, row, isTrue)) left--
      return left <= 0
    }
  }
}
