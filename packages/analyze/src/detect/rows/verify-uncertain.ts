import {
  type IndexReading,
  type RowRange,
  type RowSet,
  Turns,
  uniteRows,
  type WordQuestion,
} from '@timeskein/store'
import type { PlainRows } from '@timeskein/store/texts'
import type { BlockThread } from '../blocks/block-thread.ts'
import { runBlockWork } from '../blocks/run-block-work.ts'
import type { PredicateTable } from '../plan/predicate.ts'
import { type RuleNode, visitPredicates } from '../plan/rule-node.ts'
import { isExact } from './bounds.ts'
import type { PredicateRows } from './find-bounds.ts'
import { Verifier, type VerifyJob } from './verify-work.ts'

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
  readonly thread: BlockThread | undefined
  /** The thread does all of it. @default false: it does its share */
  readonly leaves?: boolean
  readonly signal: AbortSignal | undefined
}

/** Reads the events that some question is unsure of, each once for all questions. */
export async function verifyUncertain(
  questions: readonly Uncertain[],
  index: IndexReading,
  range: RowRange,
  rows: PredicateRows,
  { table, thread, leaves = false, signal }: VerifyOptions,
): Promise<void> {
  const [first] = questions
  if (!first) return
  const seqs = uniteRows(
    questions.map((one) => one.rows),
    first.rows.universe,
  ).toArray()
  for (let at = 0; at < seqs.length; at++) seqs[at]! += range.start
  const job = await prepare(questions, range, rows, table)
  const large: number[] = []
  for (const some of await runBlockWork(index, seqs, job, { thread, leaves: () => leaves, signal })) {
    for (const [number, { rows: found, spentMs }] of some.answers.entries()) {
      for (const row of found) questions[number]!.found.push(row)
      questions[number]!.spentMs += spentMs
    }
    large.push(...some.large)
  }
  if (large.length > 0) await verifyLarge(questions, large, index, job, signal)
}

/** Looks at large sources one after the other, question by question. */
async function verifyLarge(
  questions: readonly Uncertain[],
  rows: readonly number[],
  index: IndexReading,
  job: VerifyJob,
  signal: AbortSignal | undefined,
): Promise<void> {
  const turns = new Turns()
  const verifier = new Verifier(job)
  for (const row of rows) {
    const [source] = await index.sourcesAt(Uint32Array.of(row + job.start), signal)
    const bytes = Buffer.from(source!)
    const block = verifier.open({ bytes, offsets: Uint32Array.of(0, bytes.length) }, row)
    for (let number = 0; number < verifier.count; number++) {
      signal?.throwIfAborted()
      if (turns.isDue) await turns.giveWay()
      verifier.look(block, Uint32Array.of(row), number)
    }
  }
  for (const [number, { rows: found, spentMs }] of verifier.take().entries()) {
    questions[number]!.found.push(...found)
    questions[number]!.found.sort((a, b) => a - b)
    questions[number]!.spentMs += spentMs
  }
}

async function prepare(
  questions: readonly Uncertain[],
  range: RowRange,
  rows: PredicateRows,
  table: PredicateTable,
): Promise<VerifyJob> {
  const queries = new Map<number, WordQuestion>()
  // Sets that questions share are shared in the job too.
  const plain = new Map<RowSet, PlainRows>()
  const toPlain = (set: RowSet): PlainRows => {
    const known = plain.get(set) ?? set.toPlain()
    plain.set(set, known)
    return known
  }
  const asked: VerifyJob['questions'][number][] = []
  for (const { node, rows: unsure } of questions) {
    const predicates = new Set<number>()
    visitPredicates(node, (predicate) => predicates.add(predicate))
    const bounds = new Map<number, { readonly low: PlainRows; readonly high: PlainRows }>()
    for (const predicate of predicates) {
      const found = await rows.find(predicate, unsure)
      const low = toPlain(found.low)
      bounds.set(predicate, { low, high: isExact(found) ? low : toPlain(found.high) })
      // Only patterns and expressions have uncertain rows.
      if (!isExact(found)) queries.set(predicate, table.get(predicate).query as WordQuestion)
    }
    asked.push({ node, rows: toPlain(unsure), bounds })
  }
  return { kind: 'verify', start: range.start, questions: asked, queries }
}
