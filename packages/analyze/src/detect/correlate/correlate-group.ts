import type {
  CompiledCorrelation,
  CorrelationExpression,
  CorrelationOperator,
  ThresholdCondition,
} from '@timeskein/query/sigma'
import type { CorrelationFinding, CorrelationItem } from './correlation-item.ts'
import { makeFigure } from './window-figure.ts'

/** What a correlation asks of the items of one group. */
export type CorrelationQuestion = Pick<CompiledCorrelation, 'type' | 'timespanMs' | 'condition' | 'names'>

/**
 * Finds what a correlation finds in one group.
 *
 * Every item ends a window of the timespan, both ends inclusive. Windows that fulfil the condition and touch are one finding, which has
 * all their items. A condition that few items fulfil (`lt`, `lte`, `neq` or only such) would be fulfilled by the beginning of anything:
 * for it the windows follow one another instead, each beginning with the first item behind the one before.
 *
 * @param items - In the order of time; equal times in any order that is always the same.
 */
export function correlateGroup<Source>(
  items: readonly CorrelationItem<Source>[],
  question: CorrelationQuestion,
): CorrelationFinding<Source>[] {
  const { condition, type } = question
  const spanUs = BigInt(Math.round(question.timespanMs * 1000))
  if (condition.kind === 'threshold' && type !== 'temporal' && type !== 'temporal_ordered') {
    const figure = () => makeFigure(type, condition.percentile)
    return isOfFew(condition)
      ? findInTurn(items, spanUs, figure, condition)
      : findSliding(items, spanUs, slideThreshold(figure(), condition))
  }
  return findSliding(items, spanUs, slideRules(question))
}

/** Looks at one window after the other: told what comes in and leaves, it says the figure of a window that fulfils the condition. */
interface Slide {
  enter(item: CorrelationItem<unknown>): void
  leave(item: CorrelationItem<unknown>): void
  /** @param last - The item that ends the window. */
  fulfilled(last: CorrelationItem<unknown>): number | undefined
}

function findSliding<Source>(
  items: readonly CorrelationItem<Source>[],
  spanUs: bigint,
  slide: Slide,
): CorrelationFinding<Source>[] {
  const findings: { first: number; end: number; figure: number }[] = []
  let first = 0
  for (const [at, item] of items.entries()) {
    slide.enter(item)
    while (item.timeUs - items[first]!.timeUs > spanUs) slide.leave(items[first++]!)
    const figure = slide.fulfilled(item)
    if (figure === undefined) continue
    const last = findings.at(-1)
    if (last && first < last.end) {
      last.end = at + 1
      last.figure = Math.max(last.figure, figure)
    } else findings.push({ first, end: at + 1, figure })
  }
  return findings.map(({ first: start, end, figure }) => ({ items: items.slice(start, end), figure }))
}

function findInTurn<Source>(
  items: readonly CorrelationItem<Source>[],
  spanUs: bigint,
  makeOne: () => ReturnType<typeof makeFigure>,
  condition: ThresholdCondition,
): CorrelationFinding<Source>[] {
  const findings: CorrelationFinding<Source>[] = []
  for (let start = 0; start < items.length; ) {
    const figure = makeOne()
    let end = start
    while (end < items.length && items[end]!.timeUs - items[start]!.timeUs <= spanUs)
      figure.enter(items[end++]!)
    const value = figure.read()
    if (value !== undefined && holdsAll(condition, value))
      findings.push({ items: items.slice(start, end), figure: value })
    start = end
  }
  return findings
}

function slideThreshold(figure: ReturnType<typeof makeFigure>, condition: ThresholdCondition): Slide {
  return {
    enter: (item) => figure.enter(item),
    leave: (item) => figure.leave(item),
    fulfilled: () => {
      const value = figure.read()
      return value !== undefined && holdsAll(condition, value) ? value : undefined
    },
  }
}

/** `temporal` and `temporal_ordered`: which rules were hit in the window. */
function slideRules({ type, condition, names }: CorrelationQuestion): Slide {
  const counts = new Map<number, number>()
  const order = type === 'temporal_ordered' ? new RuleOrder(names.length) : undefined
  const holds = (): boolean =>
    condition.kind === 'expression'
      ? holdsExpression(condition.expression, names, counts)
      : holdsAll(condition, counts.size)
  return {
    enter: (item) => {
      counts.set(item.rule, (counts.get(item.rule) ?? 0) + 1)
      order?.enter(item.rule)
    },
    leave: (item) => {
      const left = counts.get(item.rule)! - 1
      if (left === 0) counts.delete(item.rule)
      else counts.set(item.rule, left)
      order?.leave()
    },
    fulfilled: () => (holds() && (order?.holds(counts) ?? true) ? counts.size : undefined),
  }
}

/** Whether the rules that were hit in a window were hit in the order of their list, one after the other. */
class RuleOrder {
  readonly #entered: number[] = []
  #start = 0
  /** Where the latest run of hits begins that has all rules of the list up to this one in their order; -1: there is none. */
  readonly #latest: number[]

  constructor(ruleCount: number) {
    this.#latest = new Array<number>(ruleCount).fill(-1)
  }

  enter(rule: number): void {
    const at = this.#entered.push(rule) - 1
    const begun = rule === 0 ? at : this.#latest[rule - 1]!
    if (begun >= 0) this.#latest[rule] = begun
  }

  leave(): void {
    this.#start++
  }

  holds(counts: ReadonlyMap<number, number>): boolean {
    if (counts.size === this.#latest.length) return this.#latest.at(-1)! >= this.#start
    // Conditions in words may do without some of the rules.
    const wanted = [...counts.keys()].sort((a, b) => a - b)
    let next = 0
    for (let at = this.#start; at < this.#entered.length && next < wanted.length; at++) {
      if (this.#entered[at] === wanted[next]) next++
    }
    return next === wanted.length
  }
}

function holdsExpression(
  node: CorrelationExpression,
  names: readonly string[],
  counts: ReadonlyMap<number, number>,
): boolean {
  switch (node.kind) {
    case 'rule':
      return counts.has(names.indexOf(node.rule))
    case 'not':
      return !holdsExpression(node.of, names, counts)
    case 'and':
      return node.of.every((part) => holdsExpression(part, names, counts))
    case 'or':
      return node.of.some((part) => holdsExpression(part, names, counts))
  }
}

const COMPARE: Readonly<Record<CorrelationOperator, (a: number, b: number) => boolean>> = {
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  eq: (a, b) => a === b,
  neq: (a, b) => a !== b,
}

function holdsAll({ comparisons }: ThresholdCondition, figure: number): boolean {
  return comparisons.every(({ operator, number }) => COMPARE[operator](figure, number))
}

/** No comparison asks for something to be there. */
function isOfFew({ comparisons }: ThresholdCondition): boolean {
  return comparisons.every(({ operator }) => operator === 'lt' || operator === 'lte' || operator === 'neq')
}
