import { SigmaError, type SigmaPlace } from '../../problem.ts'
import type { CorrelationOperator, CorrelationType } from '../correlation.ts'

/** What stands behind the pipe of a condition of Sigma 1: a figure over the hits, by group. */
export interface Aggregation {
  readonly type: CorrelationType
  readonly field: string | undefined
  readonly groupBy: readonly string[]
  readonly operator: CorrelationOperator
  readonly number: number
  readonly timespanMs: number
}

/** Hits without a `timeframe` are counted over all there is. */
const WHOLE_TIME_MS = Number.MAX_SAFE_INTEGER

const OPERATORS: Readonly<Record<string, CorrelationOperator>> = {
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
  '=': 'eq',
  '==': 'eq',
}
const TYPES: Readonly<Record<string, CorrelationType>> = {
  sum: 'value_sum',
  avg: 'value_avg',
}
const FORM =
  /^(\w+)\s*\(\s*([^()\s]*)\s*\)(?:\s+by\s+([^<>=\s]+(?:\s*,\s*[^<>=\s,]+)*))?\s*([<>]=?|==?)\s*(\d+)$/i

/**
 * Reads `count(field) by group > 5` of Sigma 1. `near`, `min` and `max` have no counterpart in Sigma 2.
 *
 * @param text - What stands behind the pipe.
 * @throws {SigmaError} `unsupported` for what has no counterpart, `bad-rule` for what cannot be read.
 */
export function parseAggregation(
  text: string,
  timespanMs: number | undefined,
  place: SigmaPlace,
): Aggregation {
  if (/^\s*near\b/i.test(text))
    throw new SigmaError(
      'unsupported',
      'the condition "| near" of Sigma 1 has no counterpart: write a correlation',
      place,
    )
  const [, name = '', field = '', groups = '', sign = '', number = ''] = FORM.exec(text.trim()) ?? []
  if (name === '') {
    const reason = `an aggregation like "count(field) by group > 5" expected after |, found ${JSON.stringify(text.trim())}`
    throw new SigmaError('bad-rule', reason, place)
  }
  const type =
    name.toLowerCase() === 'count'
      ? field === ''
        ? 'event_count'
        : 'value_count'
      : TYPES[name.toLowerCase()]
  if (type === undefined)
    throw new SigmaError(
      'unsupported',
      `the aggregation ${name}() of Sigma 1 has no counterpart in Sigma 2`,
      place,
    )
  if (type !== 'event_count' && field === '')
    throw new SigmaError('bad-rule', `a field in ${name}() expected`, place)
  return {
    type,
    field: field === '' ? undefined : field,
    groupBy: groups.split(/\s*,\s*/).filter((group) => group !== ''),
    operator: OPERATORS[sign]!,
    number: Number(number),
    timespanMs: timespanMs ?? WHOLE_TIME_MS,
  }
}
