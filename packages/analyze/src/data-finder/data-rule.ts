import type { Query } from '@timeskein/query'
import { readRuleQuery } from '../rule-query.ts'

/** What tells that data of some kind is there. Format: data/data_finder.yaml of Timesketch 20261014. */
export interface DataRule {
  readonly name: string
  readonly query: Query
  /** The field whose value must match; undefined: any event that answers is enough. */
  readonly attribute: string | undefined
  /** RE2 syntax; `{name}` stands for a parameter of the rule. */
  readonly expression: string | undefined
  /** Python's names: IGNORECASE, MULTILINE, DOTALL. */
  readonly flags: readonly string[]
  /** Parameters that must be given. */
  readonly parameters: readonly string[]
}

/** Rules for evidence that most cases have. */
export const SHIPPED_RULES: readonly DataRule[] = [
  readDataRule('windows_administrator_login', {
    query_string: 'data_type:"windows:evtx:record" AND event_identifier:4624',
    attribute: 'username',
    regular_expression: '^Administrator',
  }),
  readDataRule('windows_login', {
    query_string: 'data_type:"windows:evtx:record" AND event_identifier:4624',
  }),
  readDataRule('browser_history', {
    query_string: 'source_short:"WEBHIST" OR source:"WEBHIST"',
    attribute: 'url',
    regular_expression: 'https?://',
  }),
  readDataRule('windows_event_log_specific_computer', {
    query_string: 'data_type:"windows:evtx:record"',
    attribute: 'computer_name',
    regular_expression: '{computer_name}',
    re_flags: ['IGNORECASE'],
    re_parameters: ['computer_name'],
  }),
]

/**
 * Reads a rule.
 *
 * @throws {Error} Why it is none: neither query, or an expression without a field. @throws {QueryError} For a query that cannot be read.
 */
export function readDataRule(name: string, members: Readonly<Record<string, unknown>>): DataRule {
  const text = (key: string): string | undefined => {
    const value = members[key]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const query = readRuleQuery(name, members)
  const attribute = text('attribute')
  const expression = text('regular_expression')
  if (expression !== undefined && attribute === undefined)
    throw new Error(`rule ${name}: the attribute is needed that the regular_expression is for`)
  return {
    name,
    query,
    attribute,
    expression,
    flags: readTexts(members['re_flags']),
    parameters: readTexts(members['re_parameters']),
  }
}

function readTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
