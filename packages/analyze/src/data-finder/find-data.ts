import type { Query } from '@timeskein/query'
import { RE2JS } from 're2js'
import type { EventSource } from '../event-source.ts'
import { compileExpression } from '../expression.ts'
import { fieldText } from '../field-text.ts'
import type { DataRule } from './data-rule.ts'

/** Whether data was found, and how; in Timesketch's sentences. */
export type DataFinding = readonly [found: boolean, message: string]

/**
 * Looks for an event that a rule means; stops at the first.
 *
 * @param range - The time in which it must be.
 * @param parameters - What stands for `{name}` in the rule's expression, as text and not as an expression.
 */
export async function findData(
  events: EventSource,
  rule: DataRule,
  range: Query,
  parameters: Readonly<Record<string, unknown>>,
): Promise<DataFinding> {
  if (rule.parameters.some((name) => parameters[name] === undefined))
    return [false, 'Unable to run the data finder, missing information.']
  const { attribute } = rule
  const expression = rule.expression === undefined ? undefined : compile(rule.expression, rule, parameters)
  const query: Query = {
    kind: 'and',
    of: [
      rule.query,
      range,
      ...(expression && attribute ? [{ kind: 'exists', field: attribute } as const] : []),
    ],
  }
  for await (const page of events.read(query))
    for (const event of page) {
      if (!expression) return [true, 'Data discovered']
      const value = attribute === undefined ? undefined : fieldText(event, attribute)
      if (value !== undefined && expression.matcher(value).find())
        return [true, 'Data discovered using Regular Expression']
    }
  return [false, 'No hits discovered']
}

function compile(expression: string, rule: DataRule, parameters: Readonly<Record<string, unknown>>): RE2JS {
  const filled = rule.parameters.reduce(
    (text, name) => text.replaceAll(`{${name}}`, () => RE2JS.quote(String(parameters[name]))),
    expression,
  )
  return compileExpression(filled, rule.flags)
}
