/** A value as it stands in a rule. */
export type Scalar = string | number | boolean

/** A piece of a question as Timesketch's converter (sigmatools 0.19.1) holds it. */
export type Clause =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Clause[] }
  | { readonly kind: 'not'; readonly of: Clause }
  | { readonly kind: 'keyword'; readonly value: Scalar }
  /** Null: no such field. A list is one of. */
  | { readonly kind: 'field'; readonly field: string; readonly value: Scalar | readonly Scalar[] | null }
  | { readonly kind: 'has-field'; readonly field: string }
  | { readonly kind: 'regexp'; readonly field: string; readonly source: string }

/**
 * Makes a question shorter, as the converter does: no empty groups, no groups of one, nothing twice, groups of a kind put together,
 * what all alternatives have in common taken out of them.
 */
export function simplify(clause: Clause): Clause {
  if (clause.kind === 'not') return simplifyNot(simplify(clause.of))
  if (clause.kind !== 'and' && clause.kind !== 'or') return clause
  const seen = new Set<string>()
  const of = clause.of.map(simplify).filter((part) => {
    if (isEmpty(part)) return false
    const key = JSON.stringify(part)
    return !seen.has(key) && seen.add(key)
  })
  const [first] = of
  if (of.length === 1 && first) return first
  const { kind } = clause
  const canJoin =
    of.some((part) => part.kind === kind) && of.every((part) => part.kind === kind || isAsk(part))
  if (canJoin) return simplify({ kind, of: of.flatMap((part) => (part.kind === kind ? part.of : [part])) })
  return takeOutCommon({ kind, of })
}

type Group = Extract<Clause, { readonly kind: 'and' | 'or' }>

function simplifyNot(of: Clause): Clause {
  if (of.kind === 'not') return of.of
  return of.kind === 'field' && of.value === null
    ? { kind: 'has-field', field: of.field }
    : { kind: 'not', of }
}

function isEmpty(clause: Clause): boolean {
  return (clause.kind === 'and' || clause.kind === 'or') && clause.of.length === 0
}

function isAsk({ kind }: Clause): boolean {
  return kind === 'field' || kind === 'has-field' || kind === 'regexp'
}

/** `(a AND b) OR (a AND c)` is `a AND (b OR c)`, and the other way round. */
function takeOutCommon(group: Group): Clause {
  const inner = group.kind === 'and' ? 'or' : 'and'
  const parts = group.of.map((part) => (part.kind === inner ? part.of : undefined))
  if (parts.length < 2 || parts.includes(undefined)) return group
  const lists = parts.filter((part) => part !== undefined)
  const keys = lists.map((list) => new Set(list.map((part) => JSON.stringify(part))))
  const common = lists[0]!.filter((part) => keys.every((set) => set.has(JSON.stringify(part))))
  if (common.length === 0) return group
  const isCommon = new Set(common.map((part) => JSON.stringify(part)))
  const rests = lists.map((list): Clause => {
    return { kind: inner, of: list.filter((part) => !isCommon.has(JSON.stringify(part))) }
  })
  // An alternative without a rest asks nothing more than what is common.
  if (rests.some(isEmpty)) return simplify({ kind: inner, of: common })
  return simplify({ kind: inner, of: [...common, { kind: group.kind, of: rests }] })
}
