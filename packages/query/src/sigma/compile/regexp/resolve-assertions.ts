import { type CodePointRange, invertRanges, WORD } from '../../../lucene/code-points.ts'
import { MAX_REGEXP_ALTERNATIVES } from '../../limits.ts'
import { SigmaError } from '../../problem.ts'
import {
  ANY_RUN,
  type Assertion,
  hasAssertion,
  intersectRanges,
  isNullable,
  NEWLINE,
  type PcreNode,
} from './pcre-node.ts'

/** Nodes one after the other; assertions stand between others, never within them. */
type Row = readonly PcreNode[]

/** A repetition with anchors within is written out up to so many times. */
const MAX_WRITTEN_OUT = 8
const NO_WORD = invertRanges(WORD)

/**
 * An expression for whole texts in which one finds the given expression somewhere. Anchors and word boundaries are no
 * characters; what they say of the characters beside them is said by these, so that an automaton without them can run it.
 *
 * @returns Undefined when no text can match.
 * @throws {SigmaError} `unsupported` when that takes too many alternatives.
 */
export function resolveAssertions(node: PcreNode): PcreNode | undefined {
  const budget = new Budget()
  const rows = spread(node, budget).flatMap((row) => resolveRow([ANY_RUN, ...row, ANY_RUN], budget))
  if (rows.length === 0) return undefined
  const of = rows.map(toSequence)
  return of.length === 1 ? of[0] : { kind: 'union', of }
}

class Budget {
  #left = MAX_REGEXP_ALTERNATIVES

  spend(count: number): void {
    this.#left -= count
    if (this.#left < 0)
      throw new SigmaError(
        'unsupported',
        `in the regular expression, anchors and word boundaries make more than ${MAX_REGEXP_ALTERNATIVES} alternatives`,
      )
  }
}

function toSequence(row: Row): PcreNode {
  return row.length === 1 ? row[0]! : { kind: 'sequence', of: row }
}

/** The ways through an expression, so that each assertion stands in a row of its own. */
function spread(node: PcreNode, budget: Budget): readonly Row[] {
  if (!hasAssertion(node) || node.kind === 'assertion') return [[node]]
  switch (node.kind) {
    case 'set':
      return [[node]]
    case 'union':
      return node.of.flatMap((part) => spread(part, budget))
    case 'sequence':
      return spreadAll(node.of, budget)
    case 'repeat': {
      const { least, most } = node
      if (most === undefined || most > MAX_WRITTEN_OUT)
        throw new SigmaError(
          'unsupported',
          'in the regular expression, an anchor or word boundary within a repetition',
        )
      const rows: Row[] = []
      for (let count = least; count <= most; count++)
        rows.push(...spreadAll(new Array<PcreNode>(count).fill(node.of), budget))
      return rows
    }
  }
}

function spreadAll(nodes: readonly PcreNode[], budget: Budget): readonly Row[] {
  let rows: readonly Row[] = [[]]
  for (const node of nodes) {
    const choices = spread(node, budget)
    if (choices.length > 1) budget.spend(rows.length * (choices.length - 1))
    rows = rows.flatMap((row) => choices.map((choice) => [...row, ...choice]))
  }
  return rows
}

/** Rows without assertions that together match what a row with them does. */
function resolveRow(row: Row, budget: Budget): readonly Row[] {
  const at = row.findIndex(({ kind }) => kind === 'assertion')
  if (at < 0) return [row]
  const before = row.slice(0, at)
  const after = row.slice(at + 1)
  const rows = resolveOne(row[at] as Assertion, before, after)
  if (rows.length > 1) budget.spend(rows.length - 1)
  return rows.flatMap((one) => resolveRow(one, budget))
}

function resolveOne({ at }: Assertion, before: Row, after: Row): readonly Row[] {
  const nothingBefore = emptied(before)
  const nothingAfter = emptied(after)
  const join = (left: readonly Row[], right: readonly Row[]): readonly Row[] =>
    left.flatMap((start) => right.map((end) => [...start, ...end]))
  switch (at) {
    case 'start':
      return join(nothingBefore, [after])
    case 'line-start':
      return join([...nothingBefore, ...endingIn(before, NEWLINE)], [after])
    case 'end':
      return join([before], nothingAfter)
    case 'end-or-newline': {
      // The usual place, the very end: one line end or none, without doubling the row.
      if (after.length === 1 && after[0] === ANY_RUN)
        return [[...before, { kind: 'repeat', of: { kind: 'set', ranges: NEWLINE }, least: 0, most: 1 }]]
      const newline = beginningWith(after, NEWLINE).flatMap((row) => {
        const place = row.findIndex(({ kind }) => kind !== 'assertion')
        return emptied(row.slice(place + 1)).map((rest) => [...row.slice(0, place + 1), ...rest])
      })
      return join([before], [...nothingAfter, ...newline])
    }
    case 'line-end':
      return join([before], [...nothingAfter, ...beginningWith(after, NEWLINE)])
    case 'boundary':
      return [
        ...join(endingIn(before, WORD), [...nothingAfter, ...beginningWith(after, NO_WORD)]),
        ...join([...nothingBefore, ...endingIn(before, NO_WORD)], beginningWith(after, WORD)),
      ]
    case 'no-boundary':
      return [
        ...join(endingIn(before, WORD), beginningWith(after, WORD)),
        ...join(
          [...nothingBefore, ...endingIn(before, NO_WORD)],
          [...nothingAfter, ...beginningWith(after, NO_WORD)],
        ),
      ]
  }
}

/** The row as it matches the empty text: its assertions; no row when it cannot. */
function emptied(row: Row): readonly Row[] {
  return row.every(isNullable) ? [row.filter(({ kind }) => kind === 'assertion')] : []
}

/** The row as it matches texts that begin with one of some characters. */
function beginningWith(row: Row, ranges: readonly CodePointRange[]): readonly Row[] {
  const rows: Row[] = []
  const passed: PcreNode[] = []
  for (const [place, node] of row.entries()) {
    if (node.kind === 'assertion') {
      passed.push(node)
      continue
    }
    const rest = row.slice(place + 1)
    for (const start of nodeBeginningWith(node, ranges)) rows.push([...passed, ...start, ...rest])
    if (!isNullable(node)) break
  }
  return rows
}

function nodeBeginningWith(node: PcreNode, ranges: readonly CodePointRange[]): readonly Row[] {
  switch (node.kind) {
    case 'set': {
      const common = intersectRanges(node.ranges, ranges)
      return common.length === 0 ? [] : [[{ kind: 'set', ranges: common }]]
    }
    case 'sequence':
      return beginningWith(node.of, ranges)
    case 'union':
      return node.of.flatMap((part) => nodeBeginningWith(part, ranges))
    case 'repeat':
      return nodeBeginningWith(node.of, ranges).map((start) => [...start, ...oneLess(node)])
    case 'assertion':
      return []
  }
}

/** The row, which has no assertions, as it matches texts that end in one of some characters. */
function endingIn(row: Row, ranges: readonly CodePointRange[]): readonly Row[] {
  const rows: Row[] = []
  for (let place = row.length - 1; place >= 0; place--) {
    const node = row[place]!
    const rest = row.slice(0, place)
    for (const end of nodeEndingIn(node, ranges)) rows.push([...rest, ...end])
    if (!isNullable(node)) break
  }
  return rows
}

function nodeEndingIn(node: PcreNode, ranges: readonly CodePointRange[]): readonly Row[] {
  switch (node.kind) {
    case 'set':
      return nodeBeginningWith(node, ranges)
    case 'sequence':
      return endingIn(node.of, ranges)
    case 'union':
      return node.of.flatMap((part) => nodeEndingIn(part, ranges))
    case 'repeat':
      return nodeEndingIn(node.of, ranges).map((end) => [...oneLess(node), ...end])
    case 'assertion':
      return []
  }
}

function oneLess({ of, least, most }: PcreNode & { readonly kind: 'repeat' }): Row {
  if (most === 1) return []
  return [
    { kind: 'repeat', of, least: Math.max(0, least - 1), most: most === undefined ? undefined : most - 1 },
  ]
}
