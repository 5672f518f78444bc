import { parseLucene, parseSearchBody, type Query } from '@timeskein/query'

/**
 * The events that a rule of a YAML file means, by its `query_string` (Lucene; words are joined by AND) or its `query_dsl` (a body of
 * OpenSearch's DSL, or JSON text of one).
 *
 * @throws {Error} When it has neither. @throws {QueryError} For a query that cannot be read.
 */
export function readRuleQuery(name: string, members: Readonly<Record<string, unknown>>): Query {
  const text = members['query_string']
  if (typeof text === 'string' && text !== '') return parseLucene(text, { defaultOperator: 'and' })
  const dsl = members['query_dsl']
  if (!dsl) throw new Error(`rule ${name}: query_string or query_dsl is needed`)
  return parseSearchBody(typeof dsl === 'string' ? JSON.parse(dsl) : dsl).query
}
