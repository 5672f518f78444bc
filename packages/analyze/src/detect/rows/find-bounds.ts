import { RowSet, uniteRows } from '@timeskein/store'
import type { RuleNode } from '../plan/rule-node.ts'
import { type Bounds, exactly, isExact } from './bounds.ts'

/** Answers for predicates, one range of rows of one index. */
export interface PredicateRows {
  /** How much work a predicate is, at most; small numbers are rows to look at. */
  costOf(predicate: number): number
  /** Which rows have a predicate; those outside of `within` may be left out. */
  find(predicate: number, within: RowSet): Bounds | Promise<Bounds>
}

/** Finds the rows of `within` that answer a question; parts that leave few rows are looked at first. */
export async function findBounds(node: RuleNode, within: RowSet, rows: PredicateRows): Promise<Bounds> {
  if (within.count === 0) return exactly(within)
  switch (node.kind) {
    case 'all':
      return exactly(within)
    case 'none':
      return exactly(RowSet.none(within.universe))
    case 'is':
      return cut(await rows.find(node.predicate, within), within)
    case 'not': {
      const { low, high } = await findBounds(node.of, within, rows)
      return low === high
        ? exactly(within.andNot(low))
        : { low: within.andNot(high), high: within.andNot(low) }
    }
    case 'and':
      return await findAll(node.of, within, rows)
    case 'or':
      return node.atLeast === 1
        ? await findSome(node.of, within, rows)
        : await findAtLeast(node.of, node.atLeast, within, rows)
  }
}

function cut(bounds: Bounds, within: RowSet): Bounds {
  if (bounds.low === bounds.high) return exactly(bounds.low.and(within))
  return { low: bounds.low.and(within), high: bounds.high.and(within) }
}

async function findAll(parts: readonly RuleNode[], within: RowSet, rows: PredicateRows): Promise<Bounds> {
  let found = exactly(within)
  for (const part of inOrder(parts, rows)) {
    const { high } = found
    if (high.count === 0) break
    const next = await findBounds(part, high, rows)
    found =
      found.low === found.high && next.low === next.high
        ? next
        : { low: found.low.and(next.low), high: next.high }
  }
  return found
}

/** Others have less to look at when this share of it is answered: below that, making a set of the rest costs more than it saves. */
const MUCH_ANSWERED = 1 / 8

/** Some rows without those that are answered, as far as that pays: a few of these may be left. */
export function leaveOut(rows: RowSet, answered: RowSet): RowSet {
  return answered.count > rows.count * MUCH_ANSWERED ? rows.andNot(answered) : rows
}

async function findSome(parts: readonly RuleNode[], within: RowSet, rows: PredicateRows): Promise<Bounds> {
  const lows: RowSet[] = []
  const unsure: RowSet[] = []
  let answered = 0
  let rest = within
  for (const part of inOrder(parts, rows)) {
    if (answered >= within.count && unite(lows, within).count === within.count) break
    const next = await findBounds(part, rest, rows)
    lows.push(next.low)
    answered += next.low.count
    if (!isExact(next)) unsure.push(next.high)
    if (next.low.count > rest.count * MUCH_ANSWERED) rest = within.andNot(unite(lows, within))
  }
  const low = unite(lows, within)
  return unsure.length === 0 ? exactly(low) : { low, high: unite([low, ...unsure], within) }
}

function unite(sets: readonly RowSet[], { universe }: RowSet): RowSet {
  return uniteRows(sets, universe)
}

async function findAtLeast(
  parts: readonly RuleNode[],
  atLeast: number,
  within: RowSet,
  rows: PredicateRows,
): Promise<Bounds> {
  const lows = new Uint16Array(within.universe)
  const highs = new Uint16Array(within.universe)
  for (const part of parts) {
    const { low, high } = await findBounds(part, within, rows)
    low.forEach((row) => {
      lows[row]!++
    })
    high.forEach((row) => {
      highs[row]!++
    })
  }
  const pick = (counts: Uint16Array): RowSet => {
    const picked: number[] = []
    within.forEach((row) => {
      if (counts[row]! >= atLeast) picked.push(row)
    })
    return RowSet.fromSorted(Uint32Array.from(picked), within.universe)
  }
  return { low: pick(lows), high: pick(highs) }
}

function inOrder(parts: readonly RuleNode[], rows: PredicateRows): readonly RuleNode[] {
  if (parts.length < 2) return parts
  const costs = new Map(parts.map((part) => [part, costOf(part, rows)]))
  return parts.toSorted((a, b) => costs.get(a)! - costs.get(b)!)
}

/** Excluding comes last: what it is about is often in most rows. */
const NOT_COST = 1e7

function costOf(node: RuleNode, rows: PredicateRows): number {
  switch (node.kind) {
    case 'all':
    case 'none':
      return 0
    case 'is':
      return rows.costOf(node.predicate)
    case 'not':
      return NOT_COST + costOf(node.of, rows)
    case 'and':
      return Math.min(...node.of.map((part) => costOf(part, rows)))
    case 'or':
      return node.of.reduce((sum, part) => sum + costOf(part, rows), 0)
  }
}
