import { SigmaError, type SigmaPlace } from '../problem.ts'
import type { TextLines } from '../yaml/text-lines.ts'
import { memberOf, type YamlMap, type YamlNode } from '../yaml/yaml-node.ts'
import type { ConditionNode } from './condition/condition.ts'
import { parseCondition } from './condition/parse-condition.ts'
import {
  CORRELATION_OPERATORS,
  CORRELATION_TYPES,
  type CorrelationCondition,
  type CorrelationExpression,
  type CorrelationOperator,
  type CorrelationType,
} from './correlation.ts'
import { parseMeta } from './parse-meta.ts'
import { expectMember } from './parse-rule.ts'
import {
  readBoolean,
  readMap,
  readNumber,
  readText,
  readTexts,
  readTimespan,
  unexpected,
} from './read-members.ts'
import type { SigmaCorrelation } from './rule.ts'

/**
 * Reads a correlation. `generate` may stand in the section or beside it: the specification's text and its schema differ.
 *
 * @throws {SigmaError}
 */
export function parseCorrelation(map: YamlMap, lines: TextLines): SigmaCorrelation {
  const { meta, warnings } = parseMeta(map, lines)
  const section = readMap(lines, 'correlation', expectMember(map, 'correlation', lines))
  const typeNode = expectMember(section, 'type', lines)
  const type = CORRELATION_TYPES.find((known) => known === readText(lines, 'type', typeNode))
  if (!type) throw unexpected(lines, 'type', `one of ${CORRELATION_TYPES.join(', ')}`, typeNode)
  const timespanNode = expectMember(section, 'timespan', lines)
  const rulesNode = memberOf(section, 'rules')
  const named = rulesNode ? readTexts(lines, 'rules', rulesNode) : []
  const condition = parseCorrelationCondition(section, type, named, lines)
  const rules = named.length > 0 || condition.kind !== 'expression' ? named : listRules(condition.expression)
  if (rules.length === 0)
    throw new SigmaError('bad-rule', '"rules" with at least one rule expected', lines.placeOf(section.offset))
  const place = lines.placeOf(map.offset)
  if (condition.kind === 'expression') checkRules(condition.expression, rules, place)
  const groupBy = memberOf(section, 'group-by')
  const generate = memberOf(section, 'generate') ?? memberOf(map, 'generate')
  return {
    kind: 'correlation',
    meta,
    place,
    type,
    rules,
    groupBy: groupBy ? readTexts(lines, 'group-by', groupBy) : [],
    timespanMs: readTimespan(lines, 'timespan', timespanNode),
    timespan: readText(lines, 'timespan', timespanNode),
    aliases: parseAliases(memberOf(section, 'aliases'), rules, lines),
    condition,
    generate: generate ? readBoolean(lines, 'generate', generate) : false,
    warnings,
  }
}

function parseCorrelationCondition(
  section: YamlMap,
  type: CorrelationType,
  rules: readonly string[],
  lines: TextLines,
): CorrelationCondition {
  const node = memberOf(section, 'condition')
  const isTemporal = type === 'temporal' || type === 'temporal_ordered'
  if (!node) {
    if (!isTemporal)
      throw new SigmaError(
        'bad-rule',
        `a condition expected for ${type}, found none`,
        lines.placeOf(section.offset),
      )
    const comparisons = [{ operator: 'gte', number: new Set(rules).size } as const]
    return { kind: 'threshold', comparisons, fields: [], percentile: undefined }
  }
  if (node.kind === 'scalar') {
    if (!isTemporal) throw unexpected(lines, 'condition', `a map for ${type}`, node)
    const place = lines.placeOf(node.offset)
    return { kind: 'expression', expression: toExpression(parseCondition(node.text, place), place) }
  }
  return parseThreshold(readMap(lines, 'condition', node), type, lines)
}

function parseThreshold(map: YamlMap, type: CorrelationType, lines: TextLines): CorrelationCondition {
  const comparisons: { operator: CorrelationOperator; number: number }[] = []
  let fields: readonly string[] = []
  let percentile: number | undefined
  for (const { key, offset, value } of map.entries) {
    const operator = CORRELATION_OPERATORS.find((known) => known === key)
    if (operator) comparisons.push({ operator, number: readNumber(lines, key, value) })
    else if (key === 'field') fields = readTexts(lines, key, value)
    else if (key === 'percentile') percentile = readPercentile(value, lines)
    else {
      const reason = `condition: field, percentile or one of ${CORRELATION_OPERATORS.join(', ')} expected, found ${JSON.stringify(key)}`
      throw new SigmaError('bad-rule', reason, lines.placeOf(offset))
    }
  }
  const place = lines.placeOf(map.offset)
  if (comparisons.length === 0)
    throw new SigmaError(
      'bad-rule',
      `condition: one of ${CORRELATION_OPERATORS.join(', ')} expected, found none`,
      place,
    )
  if (type.startsWith('value_') && fields.length === 0)
    throw new SigmaError('bad-rule', `condition: a field expected for ${type}, found none`, place)
  return { kind: 'threshold', comparisons, fields, percentile }
}

function readPercentile(node: YamlNode, lines: TextLines): number {
  const percentile = readNumber(lines, 'percentile', node)
  if (percentile < 0 || percentile > 100)
    throw unexpected(lines, 'percentile', 'a number from 0 to 100', node)
  return percentile
}

function parseAliases(
  node: YamlNode | undefined,
  rules: readonly string[],
  lines: TextLines,
): SigmaCorrelation['aliases'] {
  if (!node) return {}
  const aliases = readMap(lines, 'aliases', node).entries.map(({ key, value }) => {
    const fields = readMap(lines, `aliases, ${key}`, value).entries.map((entry) => {
      if (!rules.includes(entry.key)) {
        const known = rules.map((rule) => JSON.stringify(rule)).join(', ')
        const reason = `aliases, ${key}: one of the rules ${known} expected, found ${JSON.stringify(entry.key)}`
        throw new SigmaError('bad-reference', reason, lines.placeOf(entry.offset))
      }
      return [entry.key, readText(lines, `aliases, ${key}`, entry.value)] as const
    })
    return [key, Object.fromEntries(fields)] as const
  })
  return Object.fromEntries(aliases)
}

function toExpression(node: ConditionNode, place: SigmaPlace): CorrelationExpression {
  switch (node.kind) {
    case 'identifier':
      return { kind: 'rule', rule: node.name }
    case 'and':
    case 'or':
      return { kind: node.kind, of: node.of.map((part) => toExpression(part, place)) }
    case 'not':
      return { kind: 'not', of: toExpression(node.of, place) }
    case 'some':
      throw new SigmaError('bad-rule', 'rules with and, or, not expected in the condition, found "of"', place)
  }
}

function listRules(expression: CorrelationExpression): readonly string[] {
  if (expression.kind === 'rule') return [expression.rule]
  if (expression.kind === 'not') return listRules(expression.of)
  return [...new Set(expression.of.flatMap(listRules))]
}

function checkRules(expression: CorrelationExpression, rules: readonly string[], place: SigmaPlace): void {
  const asked = new Set(listRules(expression))
  const difference = [...asked.symmetricDifference(new Set(rules))]
  if (difference.length === 0) return
  const names = difference.map((name) => JSON.stringify(name)).join(', ')
  throw new SigmaError(
    'bad-reference',
    `the same rules in "rules" and "condition" expected, found ${names} in one only`,
    place,
  )
}
