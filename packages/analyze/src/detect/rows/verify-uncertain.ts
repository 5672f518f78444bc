import { type IndexReading, type RowRange, RowSet, someValueAt } from '@timeskein/store'
import type { PredicateTable } from '../plan/predicate.ts'
import type { RuleNode } from '../plan/rule-node.ts'
import type { FieldTesters } from '../settle/known-values.ts'
import type { Bounds } from './bounds.ts'
import type { PredicateRows } from './find-bounds.ts'

/** Events whose source is read at once. */
const EVENTS_PER_READ = 1024
/** Shorter texts have been looked at in their columns. */
const MAX_SHORT_UNITS = 256

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
  readonly testers: FieldTesters
  readonly signal: AbortSignal | undefined
}

/** Reads the events that some question is unsure of, each once for all questions. */
export async function verifyUncertain(
  questions: readonly Uncertain[],
  index: IndexReading,
  range: RowRange,
  rows: PredicateRows,
  { table, testers, signal }: VerifyOptions,
): Promise<void> {
  const [first] = questions
  if (!first) return
  const all = questions.reduce((sum, one) => sum.or(one.rows), RowSet.none(first.rows.universe)).toArray()
  const nodes = await Promise.all(
    questions.map(async (question) => await prepare(question.node, rows, question.rows)),
  )
  for (let start = 0; start < all.length; start += EVENTS_PER_READ) {
    signal?.throwIfAborted()
    const some = all.subarray(start, start + EVENTS_PER_READ)
    const sources = await index.sourcesAt(
      some.map((row) => row + range.start),
      signal,
    )
    for (const [at, row] of some.entries()) {
      const event: unknown = JSON.parse(sources[at]!)
      const answers = new Map<number, boolean>()
      const isTrue = (predicate: number, bounds: Bounds): boolean => {
        if (bounds.low.has(row)) return true
        if (bounds.low === bounds.high || !bounds.high.has(row)) return false
        let answer = answers.get(predicate)
        if (answer === undefined) {
          // Only predicates of a field's values have uncertain rows.
          const field = table.get(predicate).field!
          answer = someValueAt(
            event,
            field,
            (value) =>
              typeof value === 'string' &&
              value.length > MAX_SHORT_UNITS &&
              testers.of(field).testOne(predicate, value, 'string'),
          )
          answers.set(predicate, answer)
        }
        return answer
      }
      for (const [number, question] of questions.entries()) {
        if (!question.rows.has(row)) continue
        const startMs = performance.now()
        if (holds(nodes[number]!, isTrue)) question.found.push(row)
        question.spentMs += performance.now() - startMs
      }
    }
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
