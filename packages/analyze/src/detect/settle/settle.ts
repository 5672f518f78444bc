import { ALL, NONE, type RuleNode } from '../plan/rule-node.ts'

/** What is known of predicates before rows are looked at. */
export interface Possible {
  /** 1 where some event may have it, 0 where none does. */
  readonly possible: Uint8Array
  /** The same of texts too long for columns. */
  readonly possibleLong: Uint8Array
  /** Predicates that every event has. */
  readonly certain: ReadonlySet<number>
}

/**
 * What is left of a question once it is known which predicates no event has, and which all have. Kept as it stands where nothing is known, so that
 * most nodes cost no memory.
 */
export function settle(node: RuleNode, known: Possible): RuleNode {
  switch (node.kind) {
    case 'all':
    case 'none':
      return node
    case 'is':
      if (known.certain.has(node.predicate)) return ALL
      return known.possible[node.predicate] || known.possibleLong[node.predicate] ? node : NONE
    case 'not': {
      const of = settle(node.of, known)
      if (of.kind === 'none') return ALL
      if (of.kind === 'all') return NONE
      return of === node.of ? node : { kind: 'not', of }
    }
    case 'and': {
      const of: RuleNode[] = []
      for (const part of node.of) {
        const settled = settle(part, known)
        if (settled.kind === 'none') return NONE
        if (settled.kind !== 'all') of.push(settled)
      }
      if (of.length === 0) return ALL
      return of.length === 1 ? of[0]! : { kind: 'and', of }
    }
    case 'or': {
      const of: RuleNode[] = []
      let { atLeast } = node
      for (const part of node.of) {
        const settled = settle(part, known)
        if (settled.kind === 'none') continue
        if (settled.kind !== 'all') of.push(settled)
        else if (--atLeast <= 0) return ALL
      }
      if (atLeast <= 0) return ALL
      if (of.length < atLeast) return NONE
      if (of.length === 1) return of[0]!
      return of.length === atLeast ? { kind: 'and', of } : { kind: 'or', of, atLeast }
    }
  }
}
