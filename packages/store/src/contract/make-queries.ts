import type { Query } from '@timeskein/query'

// Queries of the contract's tests, one maker for each kind: what they mean stands at Query.

export function match(field: string | undefined, text: string, operator: 'and' | 'or' = 'and'): Query {
  return { kind: 'match', field, text, operator }
}

export function phrase(
  field: string | undefined,
  text: string,
  slop = 0,
): Extract<Query, { kind: 'phrase' }> {
  return { kind: 'phrase', field, text, slop }
}

export function term(field: string, value: string | number): Extract<Query, { kind: 'term' }> {
  return { kind: 'term', field, value }
}

export function range(field: string, ends: object): Query {
  return { kind: 'range', field, ...ends }
}

export function wildcard(
  field: string | undefined,
  pattern: string,
  whole = false,
): Extract<Query, { kind: 'wildcard' }> {
  return { kind: 'wildcard', field, pattern, whole, caseInsensitive: false }
}

export function regexp(field: string | undefined, pattern: string): Query {
  return { kind: 'regexp', field, pattern, caseInsensitive: false }
}

export function fuzzy(field: string | undefined, text: string): Extract<Query, { kind: 'fuzzy' }> {
  return { kind: 'fuzzy', field, text, distance: 'auto', prefixLength: 0 }
}

export function exists(field: string): Query {
  return { kind: 'exists', field }
}

export function and(...of: Query[]): Query {
  return { kind: 'and', of }
}
