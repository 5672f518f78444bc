import { compileDocuments } from '../compile/compile-sigma.ts'
import { printQueryString } from '../print/query-string.ts'
import { isSigmaError } from '../problem.ts'
import { matchIdentifiers } from '../rule/condition/condition.ts'
import type { SigmaDocument, SigmaRule } from '../rule/rule.ts'
import { type Clause, simplify } from './clause.ts'
import { cleanQuery } from './clean-query.ts'
import { nameField } from './field-names.ts'
import { listSourceConditions } from './log-sources.ts'
import { printClause } from './print-clause.ts'
import { NotInTimesketch, readDetection } from './read-detection.ts'

type ConditionNode = SigmaRule['conditions'][number]

/**
 * The question that Timesketch makes of a rule, its `search_query` (20261014: lib/sigma_util.py over sigmatools 0.19.1). Rules with
 * what its converter does not have are written as pySigma writes them.
 *
 * @param document - The rule as it was read.
 * @param yaml - The same rule as plain values.
 * @returns Empty for correlations, filters and rules that no query string can say.
 */
export function convertForTimesketch(
  document: SigmaDocument,
  yaml: Readonly<Record<string, unknown>>,
): string {
  if (document.kind !== 'rule') return ''
  try {
    return cleanQuery(printClause(simplify(readRule(document, yaml))))
  } catch (error) {
    if (error instanceof NotInTimesketch) return convertAsToday(document)
    throw error
  }
}

function readRule(rule: SigmaRule, yaml: Readonly<Record<string, unknown>>): Clause {
  const { logSource } = rule
  const condition = rule.conditions[0]
  if (!condition) throw new NotInTimesketch('no condition')
  const detections = new Map(Object.entries(Object(yaml['detection'])))
  const nameOf = (field: string): string => nameField(field, logSource)
  const asked = listSourceConditions(logSource).map(({ field, value }): Clause => {
    return { kind: 'field', field: nameOf(field), value }
  })
  return { kind: 'and', of: [...asked, resolve(condition, detections, nameOf)] }
}

function resolve(
  node: ConditionNode,
  detections: ReadonlyMap<string, unknown>,
  nameOf: (field: string) => string,
): Clause {
  switch (node.kind) {
    case 'identifier':
      return readDetection(detections.get(node.name), nameOf)
    case 'and':
    case 'or':
      return { kind: node.kind, of: node.of.map((part) => resolve(part, detections, nameOf)) }
    case 'not':
      return { kind: 'not', of: resolve(node.of, detections, nameOf) }
    case 'some': {
      if (node.count !== 'all' && node.count !== 1) throw new NotInTimesketch(`${node.count} of`)
      return { kind: node.count === 'all' ? 'and' : 'or', of: listParts(node.pattern, detections, nameOf) }
    }
  }
}

/** What "of" is about: several search identifiers, or the items of one. */
function listParts(
  pattern: string,
  detections: ReadonlyMap<string, unknown>,
  nameOf: (field: string) => string,
): readonly Clause[] {
  const own = detections.get(pattern)
  if (Array.isArray(own)) return own.map((item) => readDetection(item, nameOf))
  const names = [...detections.keys()].filter((name) => name !== 'condition' && name !== 'timeframe')
  return matchIdentifiers(pattern, names).map((name) => readDetection(detections.get(name), nameOf))
}

function convertAsToday(rule: SigmaRule): string {
  try {
    const expression = compileDocuments([rule]).rules[0]?.expression
    return expression ? printQueryString(expression) : ''
  } catch (error) {
    if (isSigmaError(error)) return ''
    throw error
  }
}
