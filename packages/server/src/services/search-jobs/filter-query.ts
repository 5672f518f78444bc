import { escapeWildcard, MAX_CLAUSES, nameEventField, type Query } from '@timeskein/query'
import { invalid } from '../../errors/domain-error.ts'
import type { SearchFilter } from './search-job-service.ts'

type Make = (field: string, value: unknown) => Query

const whole = (field: string, pattern: string): Query => ({
  kind: 'wildcard',
  field,
  pattern,
  whole: true,
  caseInsensitive: true,
  anyType: true,
})
const text = (value: unknown): string => escapeWildcard(String(value ?? ''))
const anyOf =
  (make: Make): Make =>
  (field, value) =>
    Array.isArray(value) ? { kind: 'or', of: value.map((one) => make(field, one)) } : make(field, value)
const equals = anyOf((field, value) => whole(field, text(value)))
const range =
  (end: 'gt' | 'gte' | 'lt' | 'lte'): Make =>
  (field, value) => ({
    kind: 'range',
    field,
    [end]: String(value ?? ''),
    ...(field === nameEventField('timestamp') ? {} : { anyType: true }),
  })

/** Operators of the screen by their names without blanks and underscores; only `contains` is known of the API itself. */
const OPERATORS: ReadonlyMap<string, Make> = new Map<string, Make>([
  ['=', equals],
  ['is', equals],
  ['equals', equals],
  ['exists', (field) => ({ kind: 'exists', field })],
  ['startswith', anyOf((field, value) => whole(field, `${text(value)}*`))],
  ['endswith', anyOf((field, value) => whole(field, `*${text(value)}`))],
  ['contains', anyOf((field, value) => whole(field, `*${text(value)}*`))],
  ['>', range('gt')],
  ['>=', range('gte')],
  ['<', range('lt')],
  ['<=', range('lte')],
])

/**
 * Conditions beside a term as one question; those that are disabled are left out.
 *
 * @throws {DomainError} `invalid` (`bad-filter`).
 */
export function filtersToQuery(filters: readonly SearchFilter[]): Query {
  return {
    kind: 'and',
    of: filters
      .filter(({ disabled }) => disabled !== true)
      .map(({ field, operator, value, excluded }): Query => {
        const make = OPERATORS.get(operator.toLowerCase().replace(/[\s_]/g, ''))
        if (!make)
          throw invalid(
            'bad-filter',
            `The filter on ${JSON.stringify(field.slice(0, 100))} cannot be used: one of the operators ${[...OPERATORS.keys()].join(', ')} expected, found ${JSON.stringify(operator.slice(0, 32))}.`,
          )
        if (Array.isArray(value) && value.length > MAX_CLAUSES)
          throw invalid(
            'bad-filter',
            `A filter has at most ${MAX_CLAUSES} values; this one has ${value.length}.`,
          )
        const query = make(nameEventField(field), value)
        return excluded === true ? { kind: 'not', of: query } : query
      }),
  }
}
