import { SigmaError } from '../problem.ts'
import type { ConditionNode } from '../rule/condition/condition.ts'
import { parseCondition } from '../rule/condition/parse-condition.ts'
import { containsLogSource } from '../rule/parse-log-source.ts'
import { readMap, unexpected } from '../rule/read-members.ts'
import { RULE_LEVELS, RULE_STATUSES, type SigmaCorrelation, type SigmaRule } from '../rule/rule.ts'
import { hasWildcards, plainTextOf, writeParts } from '../rule/sigma-string.ts'
import type { SigmaValue } from '../rule/value.ts'
import type { ConditionTest, FieldCondition, ItemCondition, RuleCondition, RunState } from './pipeline.ts'
import { StepReader } from './step-reader.ts'
import { listItems } from './walk-items.ts'

type Maker<Condition> = (reader: StepReader) => Condition

const OPERATORS = ['eq', 'ne', 'gte', 'gt', 'lte', 'lt'] as const
type Operator = (typeof OPERATORS)[number]

/** Reads the conditions of a step about rules, items or fields, as list or by name with an expression. */
export function readConditions<Condition>(
  reader: StepReader,
  prefix: 'rule' | 'detection_item' | 'field_name',
  makers: Readonly<Record<string, Maker<Condition>>>,
): ConditionTest<Condition> | undefined {
  const node = reader.node(`${prefix}_conditions`)
  const expression = reader.text(`${prefix}_cond_expr`)
  const linking = reader.choice(`${prefix}_cond_op`, ['and', 'or'], 'and')
  const isNegated = reader.flag(`${prefix}_cond_not`)
  if (!node) return undefined
  const what = `${prefix}_conditions`
  const make = (condition: Parameters<typeof readMap>[2]): ConditionTest<Condition> => {
    const map = readMap(reader.lines, what, condition)
    const inner = new StepReader(reader.lines, what, map, ['type'])
    const type = inner.requiredText('type')
    const maker = Object.hasOwn(makers, type) ? makers[type] : undefined
    if (!maker)
      throw unexpected(
        reader.lines,
        `${what}, type`,
        `one of ${Object.keys(makers).join(', ')}`,
        inner.required('type'),
        'bad-pipeline',
      )
    const made = maker(inner)
    inner.finish()
    return { kind: 'one', condition: made }
  }
  let test: ConditionTest<Condition>
  if (expression !== undefined) {
    const named = new Map(
      readMap(reader.lines, what, node).entries.map(({ key, value }) => [key, make(value)]),
    )
    test = resolveExpression(parseCondition(expression, reader.place), named, reader)
  } else {
    const items =
      node.kind === 'list' ? node.items : readMap(reader.lines, what, node).entries.map(({ value }) => value)
    if (items.length === 0) return undefined
    test = { kind: linking, of: items.map(make) }
  }
  return isNegated ? { kind: 'not', of: test } : test
}

function resolveExpression<Condition>(
  node: ConditionNode,
  named: ReadonlyMap<string, ConditionTest<Condition>>,
  reader: StepReader,
): ConditionTest<Condition> {
  switch (node.kind) {
    case 'identifier': {
      const test = named.get(node.name)
      if (test) return test
      const known = [...named.keys()].join(', ')
      throw new SigmaError(
        'bad-pipeline',
        `one of the conditions ${known} expected, found ${JSON.stringify(node.name)}`,
        reader.place,
      )
    }
    case 'and':
    case 'or':
      return { kind: node.kind, of: node.of.map((part) => resolveExpression(part, named, reader)) }
    case 'not':
      return { kind: 'not', of: resolveExpression(node.of, named, reader) }
    case 'some':
      throw new SigmaError('bad-pipeline', 'names with and, or, not expected, found "of"', reader.place)
  }
}

/** Conditions about rules. */
export const RULE_CONDITIONS: Readonly<Record<string, Maker<RuleCondition>>> = {
  logsource: (reader) => {
    const wanted = {
      category: reader.text('category'),
      product: reader.text('product'),
      service: reader.text('service'),
    }
    return (target, run) => {
      const logSources = target.kind === 'rule' ? [target.logSource] : run.correlatedLogSources
      return logSources.some((logSource) => containsLogSource(wanted, logSource))
    }
  },
  contains_field: (reader) => {
    const field = reader.text('field')
    return (target) =>
      target.kind === 'rule' &&
      listItems(target).some((item) => item.field !== undefined && item.field === field)
  },
  contains_detection_item: (reader) => {
    const field = reader.text('field')
    const value = reader.value('value')
    return (target) =>
      target.kind === 'rule' &&
      listItems(target).some(
        (item) =>
          item.field !== undefined && item.field === field && item.values.some((one) => isValue(one, value)),
      )
  },
  processing_item_applied: (reader) => {
    const id = reader.requiredText('processing_item_id')
    return (_, run) => run.applied.has(id)
  },
  processing_state: (reader) => {
    const matches = readStateTest(reader)
    return (_, run) => matches(run)
  },
  is_sigma_rule: () => (target) => target.kind === 'rule',
  is_sigma_correlation_rule: () => (target) => target.kind === 'correlation',
  rule_attribute: readAttributeCondition,
  tag: (reader) => {
    const tag = reader.requiredText('tag')
    return ({ meta }) => meta.tags.includes(tag)
  },
}

/** Conditions about detection items. */
export const ITEM_CONDITIONS: Readonly<Record<string, Maker<ItemCondition>>> = {
  match_string: (reader) => {
    const pattern = reader.toRegexp(`^(?:${reader.requiredText('pattern')})`, 'pattern', 'su')
    const isNegated = reader.flag('negate')
    return forValues(reader, (value) => {
      const matches = value.kind === 'string' && pattern.test(writeParts(value.parts))
      return matches !== isNegated
    })
  },
  match_value: (reader) => {
    const wanted = reader.value('value')
    return forValues(reader, (value) => isValue(value, wanted))
  },
  contains_wildcard: (reader) =>
    forValues(reader, (value) => value.kind === 'string' && hasWildcards(value.parts)),
  is_null: (reader) => forValues(reader, (value) => value.kind === 'null'),
  processing_item_applied: (reader) => {
    const id = reader.requiredText('processing_item_id')
    return (item) => item.applied.has(id)
  },
  processing_state: (reader) => {
    const matches = readStateTest(reader)
    return (_, run) => matches(run)
  },
}

/** Conditions about names of fields. */
export const FIELD_CONDITIONS: Readonly<Record<string, Maker<FieldCondition>>> = {
  include_fields: (reader) => readFieldList(reader),
  exclude_fields: (reader) => {
    const includes = readFieldList(reader)
    return (field, run) => !includes(field, run)
  },
  processing_item_applied: (reader) => {
    const id = reader.requiredText('processing_item_id')
    return (field, run) => field !== undefined && run.appliedToField.get(field)?.has(id) === true
  },
  processing_state: (reader) => {
    const matches = readStateTest(reader)
    return (_, run) => matches(run)
  },
}

function readFieldList(reader: StepReader): FieldCondition {
  const fields = reader.requiredTexts('fields')
  if (reader.choice('mode', ['plain', 're'], 'plain') === 'plain')
    return (field) => field !== undefined && fields.includes(field)
  const patterns = fields.map((pattern) => reader.toRegexp(`^(?:${pattern})`, 'fields', 'u'))
  return (field) => field !== undefined && patterns.some((pattern) => pattern.test(field))
}

function forValues(reader: StepReader, matches: (value: SigmaValue) => boolean): ItemCondition {
  const isAny = reader.choice('cond', ['any', 'all'], 'any') === 'any'
  return ({ values }) => (isAny ? values.some(matches) : values.every(matches))
}

/** Whether a value of a rule is the plain value of a pipeline. */
function isValue(value: SigmaValue, wanted: string | number | boolean | null): boolean {
  switch (value.kind) {
    case 'string':
      return (
        typeof wanted === 'string' &&
        (plainTextOf(value.parts) === wanted || writeParts(value.parts) === wanted)
      )
    case 'number':
      return value.value === wanted
    case 'boolean':
      return value.value === wanted
    case 'null':
      return wanted === null
    default:
      return false
  }
}

function readStateTest(reader: StepReader): (run: RunState) => boolean {
  const key = reader.requiredText('key')
  const wanted = reader.value('val')
  const operator = reader.choice('op', OPERATORS, 'eq')
  return ({ state }) => Object.hasOwn(state, key) && compare(operator, state[key], wanted)
}

function compare(operator: Operator, a: unknown, b: unknown): boolean {
  if (operator === 'eq') return a === b
  if (operator === 'ne') return a !== b
  const isComparable =
    (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string')
  if (!isComparable) return false
  switch (operator) {
    case 'gte':
      return a >= b
    case 'gt':
      return a > b
    case 'lte':
      return a <= b
    case 'lt':
      return a < b
  }
}

/** Members of a rule by the names pySigma gives them; levels and statuses are compared by their rank. */
function readAttributeCondition(reader: StepReader): RuleCondition {
  const attribute = reader.requiredText('attribute')
  const wanted = reader.value('value')
  const operator = reader.choice('op', [...OPERATORS, 'in', 'not_in'], 'eq')
  return (target) => {
    const value = attributeOf(target, attribute)
    if (value === undefined) return false
    if (Array.isArray(value)) {
      if (operator === 'in') return value.includes(wanted)
      return operator === 'not_in' ? !value.includes(wanted) : operator === 'ne'
    }
    if (operator === 'in' || operator === 'not_in') return false
    for (const ranks of [RULE_LEVELS, RULE_STATUSES] as readonly (readonly string[])[]) {
      const [own, other] = [ranks.indexOf(String(value)), ranks.indexOf(String(wanted))]
      if (own >= 0 && other >= 0) return compare(operator, own, other)
    }
    return compare(operator, value, typeof value === 'number' ? Number(wanted) : wanted)
  }
}

function attributeOf({ meta }: SigmaRule | SigmaCorrelation, name: string): unknown {
  const known = Object.hasOwn(meta, name) ? (meta as unknown as Record<string, unknown>)[name] : undefined
  return known ?? (Object.hasOwn(meta.custom, name) ? meta.custom[name] : undefined)
}
