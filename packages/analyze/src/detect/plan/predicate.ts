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
  #numbers: Map<string, number> | undefined

  /** @param queries - Of the first predicates, all different. @default none */
  constructor(queries: readonly LeafQuery[] = []) {
    for (const query of queries) this.#push(query)
  }

  get all(): readonly Predicate[] {
    return this.#all
  }

  get(number: number): Predicate {
    return this.#all[number]!
  }

  /** The number of a predicate, which is added when it is new. */
  add(query: LeafQuery): number {
    this.#numbers ??= new Map(this.#all.map((one) => [keyOf(one.query), one.number]))
    const key = keyOf(query)
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.#push(query)
    this.#numbers.set(key, number)
    return number
  }

  /** Gives back the memory that only adding needs, more than predicates take. */
  finish(): void {
    this.#numbers = undefined
  }

  #push(query: LeafQuery): number {
    return this.#all.push({ number: this.#all.length, query, field: valueFieldOf(query) }) - 1
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
