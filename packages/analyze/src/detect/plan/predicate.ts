import type { Query } from '@timeskein/query'

/** A part of a question that is looked at as a whole: every kind but those that join others. */
export type LeafQuery = Exclude<Query, { readonly kind: 'all' | 'none' | 'and' | 'or' | 'not' }>

/** Something that rules ask of an event; rules that ask the same share it. */
export interface Predicate {
  /** Its place in the table. */
  readonly number: number
  readonly query: LeafQuery
  /** The field whose values alone decide, whatever other fields say; undefined where that is not so. */
  readonly field: string | undefined
}

/** All predicates of a set of rules, each once. */
export class PredicateTable {
  readonly #all: Predicate[] = []
  readonly #numbers = new Map<string, number>()

  get all(): readonly Predicate[] {
    return this.#all
  }

  get(number: number): Predicate {
    return this.#all[number]!
  }

  /** The number of a predicate, which is added when it is new. */
  add(query: LeafQuery): number {
    const key = keyOf(query)
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.#all.length
    this.#all.push({ number, query, field: valueFieldOf(query) })
    this.#numbers.set(key, number)
    return number
  }
}

function keyOf(query: LeafQuery): string {
  if (query.kind === 'wildcard')
    return `w${query.caseInsensitive ? 'i' : ''}${query.whole ? 'w' : ''}${query.anyType ? 'a' : ''} ${query.field === undefined ? '' : `=${query.field}`}\0${query.pattern}`
  return JSON.stringify(query)
}

/** Questions to the values of one field, whatever their type. */
function valueFieldOf(query: LeafQuery): string | undefined {
  if (query.kind !== 'wildcard' && query.kind !== 'regexp' && query.kind !== 'range') return undefined
  return query.anyType ? query.field : undefined
}
