import { describeLogSource } from '@timeskein/query/sigma'
import type { UnmatchedReason } from '../contract/detect-report.ts'
import type { NeverReason, PlannedRule } from '../plan/plan-rules.ts'
import type { LeafQuery, PredicateTable } from '../plan/predicate.ts'
import type { RuleNode } from '../plan/rule-node.ts'
import type { KnownValues } from './known-values.ts'
import { settle } from './settle.ts'

/** Why no event of an index can be a hit. */
export interface WhyNone {
  readonly reason: UnmatchedReason
  readonly detail: string
}

/** From the farthest away to the nearest: of several reasons the nearest is told. */
const NEARNESS: readonly UnmatchedReason[] = [
  'nothing-asked',
  'log-source',
  'field',
  'value',
  'events',
  'rules',
  'threshold',
]

/** The reason that says more. */
export function nearer(a: WhyNone | undefined, b: WhyNone): WhyNone {
  return a && NEARNESS.indexOf(a.reason) >= NEARNESS.indexOf(b.reason) ? a : b
}

/** Why a rule can match nothing, told from what is known before rows are looked at. */
export function whyNone(rule: PlannedRule, known: KnownValues, table: PredicateTable): WhyNone {
  if (rule.whyNever !== undefined) return NEVER[rule.whyNever]
  let why: WhyNone | undefined
  for (const { node, logSource } of rule.variants) {
    if (node.kind === 'none') continue
    if (logSource && settle(logSource, known).kind === 'none') {
      const { field, detail } = findBlocker(logSource, known, table)
      const source = describeLogSource(rule.logSource)
      why = nearer(why, { reason: 'log-source', detail: `no event of ${source}: ${field ?? detail}` })
      continue
    }
    const { reason, detail } = findBlocker(node, known, table)
    why = nearer(why, { reason, detail })
  }
  return why ?? VALUE
}

const NEVER: Readonly<Record<NeverReason, WhyNone>> = {
  placeholders: { reason: 'nothing-asked', detail: 'placeholders have no values' },
  dropped: { reason: 'nothing-asked', detail: 'pipelines dropped all of it' },
  unmatchable: { reason: 'value', detail: 'no text can match its regular expression' },
}

interface Blocker extends WhyNone {
  readonly field?: string
}

/** The part that keeps a question from having answers. */
function findBlocker(node: RuleNode, known: KnownValues, table: PredicateTable): Blocker {
  switch (node.kind) {
    case 'is':
      return describeLeaf(table.get(node.predicate).query, known)
    case 'and': {
      const blocking = node.of.find((part) => settle(part, known).kind === 'none')
      return blocking ? findBlocker(blocking, known, table) : VALUE
    }
    case 'or': {
      const all = node.of.map((part) => findBlocker(part, known, table))
      return all.find(({ reason }) => reason !== 'field') ?? all[0] ?? VALUE
    }
    case 'not': {
      const fields = [...new Set(listFields(node.of, table))]
      if (settle(node.of, known).kind !== 'all' || fields.length === 0) return VALUE
      return { reason: 'value', detail: `every event has ${fields.join(' and ')}` }
    }
    default:
      return VALUE
  }
}

/** Fields that an answer has: what it must not have is none of them. */
function listFields(node: RuleNode, table: PredicateTable): readonly string[] {
  switch (node.kind) {
    case 'is': {
      const { query } = table.get(node.predicate)
      return 'field' in query && query.field !== undefined ? [query.field] : []
    }
    case 'and':
    case 'or':
      return node.of.flatMap((part) => listFields(part, table))
    default:
      return []
  }
}

const VALUE: Blocker = { reason: 'value', detail: 'every event is excluded' }

function describeLeaf(query: LeafQuery, known: KnownValues): Blocker {
  const field = 'field' in query ? query.field : undefined
  if (field === undefined) return { reason: 'value', detail: `nothing holds ${describeWanted(query)}` }
  const missing = query.kind === 'fields' && known.present.has(field) ? query.other : field
  if (!known.present.has(missing)) {
    const detail = `no event has the field ${missing}`
    return { reason: 'field', detail, field: detail }
  }
  const detail = `${field} is never ${describeWanted(query)}`
  return { reason: 'value', detail, field: detail }
}

const MAX_DETAIL_UNITS = 80

function describeWanted(query: LeafQuery): string {
  const wanted =
    query.kind === 'wildcard' || query.kind === 'regexp'
      ? query.pattern
      : query.kind === 'match'
        ? query.text
        : query.kind
  return JSON.stringify(wanted.length > MAX_DETAIL_UNITS ? `${wanted.slice(0, MAX_DETAIL_UNITS)}…` : wanted)
}
