import { escapeWildcard, type Query } from '@timeskein/query'
import { compileWildcard } from '../../../../text/terms/vocabulary-match.ts'
import type { EventTest } from '../match/event-test.ts'
import { type FieldTest, readFieldTest, type TextTest, type ValueLeaf } from '../match/field-test.ts'
import type { Matcher } from '../match/matcher.ts'
import { integerBounds, type NumberTest, readNumberRange } from '../match/number-test.ts'
import { readWrittenTest, type WrittenTest } from '../match/written-test.ts'
import { parseEventId } from '../page/event-id.ts'
import { type DateSpan, readDateSpan } from './date-span.ts'
import {
  type FieldNames,
  type FieldTarget,
  isUnknown,
  resolveField,
  type StoredTarget,
  TIME_FIELDS,
} from './field-target.ts'
import { mergeAlternatives } from './merge-alternatives.ts'
import type { PlanNode } from './plan-node.ts'

/** What a plan is made from. */
export interface PlanCatalogue extends FieldNames {
  readonly index: string
  /** One past the last row number. */
  readonly nextSeq: number
  /** What `now` means in dates: milliseconds since 1970. */
  readonly nowMs: number
}

/** Turns a question into the steps that answer it in one index. Pure. */
export function planQuery(query: Query, catalogue: PlanCatalogue): PlanNode {
  switch (query.kind) {
    case 'all':
      return { kind: 'all' }
    case 'none':
      return none('nothing is asked for')
    case 'and':
      return planAnd(query.of.map((part) => planQuery(part, catalogue)))
    case 'or':
      return planOr(
        query.of.map((part) => planQuery(part, catalogue)),
        query.atLeast ?? 1,
      )
    case 'not':
      return planNot(planQuery(query.of, catalogue))
    case 'ids':
      return planIds(query.values, catalogue)
    case 'label':
      return { kind: 'label', name: query.name, sketchId: query.sketchId }
    case 'fields':
      return planEventTest(query, [query.field, query.other], catalogue)
    case 'date-part':
      return TIME_FIELDS.has(query.field)
        ? { kind: 'time-part', test: query }
        : planEventTest(query, [query.field], catalogue)
    default:
      return planLeaf(query, catalogue)
  }
}

function planAnd(parts: readonly PlanNode[]): PlanNode {
  const flat = parts.flatMap((part) => (part.kind === 'and' ? part.of : [part]))
  const nothing = flat.find((part) => part.kind === 'none')
  if (nothing) return nothing
  const rest = flat.filter((part) => part.kind !== 'all')
  if (rest.length === 0) return { kind: 'all' }
  if (rest.length === 1) return rest[0]!
  return { kind: 'and', of: rest.toSorted((a, b) => estimateCost(a) - estimateCost(b)) }
}

function planOr(parts: readonly PlanNode[], atLeast: number): PlanNode {
  if (atLeast <= 0) return { kind: 'all' }
  if (parts.length < atLeast) return none(`${parts.length} alternatives, of which ${atLeast} must hold`)
  const rest = parts.filter((part) => part.kind !== 'none')
  if (rest.length < atLeast) return parts.find((part) => part.kind === 'none')!
  if (atLeast === 1) {
    if (rest.some((part) => part.kind === 'all')) return { kind: 'all' }
    if (rest.length === 1) return rest[0]!
  }
  const distinct = atLeast === 1 ? mergeAlternatives(rest) : rest
  if (distinct.length === 1) return distinct[0]!
  return { kind: 'or', of: distinct.toSorted((a, b) => estimateCost(a) - estimateCost(b)), atLeast }
}

function planNot(part: PlanNode): PlanNode {
  if (part.kind === 'all') return none('everything is excluded')
  if (part.kind === 'none') return { kind: 'all' }
  if (part.kind === 'not') return part.of
  return { kind: 'not', of: part }
}

function planIds(ids: readonly string[], catalogue: PlanCatalogue): PlanNode {
  const seqs = new Set<number>()
  for (const id of ids) {
    const parsed = parseEventId(id)
    if (parsed && catalogue.index.startsWith(parsed.indexPrefix) && parsed.seq < catalogue.nextSeq) {
      seqs.add(parsed.seq)
    }
  }
  if (seqs.size === 0) return none('no such event id in this index')
  return { kind: 'rows', seqs: [...seqs].sort((a, b) => a - b) }
}

function planLeaf(leaf: ValueLeaf, catalogue: PlanCatalogue): PlanNode {
  if (leaf.kind === 'exists' || leaf.field !== undefined) {
    if (leaf.field!.includes('*')) return planFieldPattern(leaf, leaf.field!, catalogue)
    return planField(leaf, resolveField(leaf.field!, catalogue), catalogue)
  }
  const test = readFieldTest(leaf, 'words')
  if (test.present) return { kind: 'all' }
  if (!test.text) return none('the text has no word')
  const text = leaf.kind === 'match' || (leaf.kind === 'phrase' && !leaf.prefix) ? leaf.text : undefined
  const span = text === undefined ? undefined : readDateSpan({ gte: text, lte: text }, catalogue.nowMs)
  const anywhere: PlanNode = { kind: 'anywhere', test, span }
  const written = readWrittenTest(leaf)
  return written ? planOr([anywhere, ...planWrittenAnywhere(written, catalogue)], 1) : anywhere
}

function planField(leaf: ValueLeaf, target: FieldTarget, catalogue: PlanCatalogue): PlanNode {
  switch (target.kind) {
    case 'time':
      return target.unit === 'date' ? planDate(leaf, catalogue) : planMicros(leaf)
    case 'id':
      return planId(leaf, catalogue)
    case 'segment': {
      const view = target.value === 'index' && leaf.kind !== 'exists' ? 'keyword' : 'words'
      return { kind: 'segment', value: target.value, test: readFieldTest(leaf, view) }
    }
    case 'stored': {
      if (leaf.kind === 'exists' && target.view === 'words') return planExists(target, catalogue)
      if (isUnknown(target)) return none(`no event has a field ${JSON.stringify(target.name)}`)
      const test = readFieldTest(leaf, target.view)
      const written = readWrittenTest(leaf)
      if (Object.keys(test).length === 0 && !written) return none('the text has no word')
      const node: PlanNode = { kind: 'field', target, test }
      return written ? planOr([node, { kind: 'written', target, test: written }], 1) : node
    }
  }
}

/** A field name with `*` in it stands for all fields it matches, `.keyword` ones as well. */
function planFieldPattern(leaf: ValueLeaf, pattern: string, catalogue: PlanCatalogue): PlanNode {
  const own = resolveField(pattern, catalogue)
  if (own.kind === 'stored' && !isUnknown(own)) return planField(leaf, own, catalogue)
  const { matches } = compileWildcard(escapeWildcard(pattern).replaceAll('\\*', '*'), {
    caseInsensitive: false,
  })
  const names = new Set([...catalogue.fields.all()].map(({ name }) => name))
  for (const name of TIME_FIELDS) names.add(name)
  const parts = [...names].flatMap((name) =>
    [name, `${name}.keyword`]
      .filter((view) => matches(view) && (view === name || !TIME_FIELDS.has(name)))
      .map((view) => planField(leaf, resolveField(view, catalogue), catalogue)),
  )
  return parts.length === 0 ? none(`no field has a name like ${JSON.stringify(pattern)}`) : planOr(parts, 1)
}

/** Numbers and truth values of every field but the event's time. */
function planWrittenAnywhere(test: WrittenTest, catalogue: PlanCatalogue): readonly PlanNode[] {
  return [...catalogue.fields.all()].flatMap(({ name }): readonly PlanNode[] => {
    const target = resolveField(name, catalogue)
    return target.kind === 'stored' ? [{ kind: 'written', target, test }] : []
  })
}

/** The event's own fields decide; fields that an import's profile adds are not looked at. */
function planEventTest(test: EventTest, names: readonly string[], catalogue: PlanCatalogue): PlanNode {
  const targets: StoredTarget[] = []
  for (const name of names) {
    const target = resolveField(name, catalogue)
    if (target.kind !== 'stored' || isUnknown(target))
      return none(`no event has a field ${JSON.stringify(name)} of its own`)
    targets.push(target)
  }
  return { kind: 'event', targets, test }
}

/** An object has a value where one of the fields inside it has. */
function planExists(target: StoredTarget, catalogue: PlanCatalogue): PlanNode {
  const targets: StoredTarget[] = isUnknown(target) ? [] : [target]
  for (const { name } of catalogue.fields.all()) {
    if (!name.startsWith(`${target.name}.`)) continue
    const inner = resolveField(name, catalogue)
    if (inner.kind === 'stored') targets.push(inner)
  }
  if (targets.length === 0) return none(`no event has a field ${JSON.stringify(target.name)}`)
  return planOr(
    targets.map((one): PlanNode => ({ kind: 'field', target: one, test: { present: true } })),
    1,
  )
}

function planDate(leaf: ValueLeaf, catalogue: PlanCatalogue): PlanNode {
  if (leaf.kind === 'exists' || isAnyPattern(leaf)) return { kind: 'all' }
  const range = leaf.kind === 'range' ? leaf : equalityOf(leaf)
  const span = range && readDateSpan(range, catalogue.nowMs)
  return span ? { kind: 'time', span } : none('the text is no date')
}

function planMicros(leaf: ValueLeaf): PlanNode {
  if (leaf.kind === 'exists' || isAnyPattern(leaf)) return { kind: 'all' }
  const test = leaf.kind === 'range' ? readNumberRange(leaf) : readFieldTest(leaf, 'words').number
  return test ? { kind: 'time', span: microsSpan(test) } : none('the text is no number')
}

function planId(leaf: ValueLeaf, catalogue: PlanCatalogue): PlanNode {
  if (leaf.kind === 'exists' || isAnyPattern(leaf)) return { kind: 'all' }
  const id = leaf.kind === 'range' ? undefined : equalityOf(leaf)?.gte
  return id === undefined ? none('_id is asked for by equality only') : planIds([id], catalogue)
}

function equalityOf(leaf: ValueLeaf): { readonly gte: string; readonly lte: string } | undefined {
  if (leaf.kind === 'match' || leaf.kind === 'phrase') return { gte: leaf.text, lte: leaf.text }
  if (leaf.kind === 'term') return { gte: String(leaf.value), lte: String(leaf.value) }
  return undefined
}

function isAnyPattern(leaf: ValueLeaf): boolean {
  return leaf.kind === 'wildcard' && /^\*+$/.test(leaf.pattern)
}

/** Integer microseconds that lie in a range of numbers. */
function microsSpan(test: NumberTest): DateSpan {
  const { low, high } = integerBounds(test)
  return { startUs: low, endUs: high + 1n }
}

/** A rough order of work, from looking at a number to reading source text. */
export function estimateCost(node: PlanNode): number {
  switch (node.kind) {
    case 'none':
    case 'all':
    case 'rows':
    case 'segment':
      return 0
    case 'time':
    case 'label':
      return 1
    case 'field':
      return testCost(node.test)
    case 'written':
      return 20
    case 'event':
      return 200
    case 'time-part':
      return 30
    case 'anywhere':
      return 2 * testCost(node.test)
    case 'not':
      return estimateCost(node.of)
    case 'and':
      return estimateCost(node.of[0]!)
    case 'or':
      return node.of.reduce((sum, part) => sum + estimateCost(part), 0)
  }
}

function testCost(test: FieldTest): number {
  return (test.text ? textCost(test.text) : 0) + (test.number || test.present ? 8 : 0)
}

function textCost(test: TextTest): number {
  switch (test.kind) {
    case 'words':
      return 2 * test.tokens.length
    case 'word':
      return matcherCost(test.matcher)
    case 'whole':
      return 2 * matcherCost(test.matcher) + (test.maxUnits === Number.POSITIVE_INFINITY ? 60 : 0)
    case 'phrase':
      return 100
    case 'either':
      return test.of.reduce((sum, part) => sum + textCost(part), 0)
  }
}

function matcherCost(matcher: Matcher): number {
  switch (matcher.kind) {
    case 'equal':
    case 'oneOf':
      return 2
    case 'range':
      return 10
    case 'pattern':
      return 20
    case 'patterns':
    case 'fuzzy':
      return 30
    case 'regexp':
      return 40
  }
}

function none(reason: string): PlanNode {
  return { kind: 'none', reason }
}
