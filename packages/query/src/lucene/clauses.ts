import type { Query } from '../query.ts'

/** How a clause was introduced. */
export type Conjunction = 'none' | 'and' | 'or'
/** The sign before a clause: `+` required, `-`, `!` and NOT prohibited. */
export type Modifier = 'none' | 'required' | 'prohibited'

interface Clause {
  occur: 'must' | 'should' | 'must-not'
  readonly query: Query
}

/**
 * Clauses of one level, collected with the rules of Lucene's classic parser: AND and OR are no binary operators but change
 * how much the clause on each side counts. With default AND, `a OR b AND c` is therefore "b and c" (a counts for ranking only).
 */
export class Clauses {
  readonly #defaultOperator: 'and' | 'or'
  readonly #clauses: Clause[] = []

  constructor(defaultOperator: 'and' | 'or') {
    this.#defaultOperator = defaultOperator
  }

  /** Adds a clause; an undefined one (a text without words) only has its effect on the clause before. */
  add(conjunction: Conjunction, modifier: Modifier, query: Query | undefined): void {
    const before = this.#clauses.at(-1)
    if (before !== undefined && before.occur !== 'must-not') {
      if (conjunction === 'and') before.occur = 'must'
      else if (conjunction === 'or' && this.#defaultOperator === 'and') before.occur = 'should'
    }
    if (query === undefined) return
    const required =
      this.#defaultOperator === 'or' ? modifier === 'required' || conjunction === 'and' : conjunction !== 'or'
    const occur = modifier === 'prohibited' ? 'must-not' : required ? 'must' : 'should'
    this.#clauses.push({ occur, query })
  }

  /**
   * The clauses as one query; undefined of none. Optional clauses beside required ones change no result and are left out,
   * unless `minimumShouldMatch` (given the number of optional clauses) asks for some of them.
   */
  build(minimumShouldMatch?: (optional: number) => number): Query | undefined {
    if (this.#clauses.length === 0) return undefined
    const optional = this.#clauses.filter((clause) => clause.occur === 'should').map((clause) => clause.query)
    const parts: Query[] = []
    for (const clause of this.#clauses) {
      if (clause.occur === 'must') parts.push(clause.query)
      else if (clause.occur === 'must-not') parts.push({ kind: 'not', of: clause.query })
    }
    const hasRequired = this.#clauses.some((clause) => clause.occur === 'must')
    if (optional.length > 0) {
      const wanted = Math.max(minimumShouldMatch?.(optional.length) ?? 0, hasRequired ? 0 : 1)
      if (wanted > 1) parts.unshift({ kind: 'or', of: optional, atLeast: wanted })
      else if (wanted === 1)
        parts.unshift(optional.length === 1 ? optional[0]! : { kind: 'or', of: optional })
    }
    return parts.length === 1 ? parts[0] : { kind: 'and', of: parts }
  }
}
