import type { Query } from './query.ts'

/**
 * The same question with less around it: nested `and` and `or` flattened, parts that match everything or nothing
 * folded in, double negations dropped, alternatives by id put together. Matches exactly the events that the given tree
 * matches; order of parts is kept.
 */
export function simplify(query: Query): Query {
  switch (query.kind) {
    case 'and':
      return simplifyAnd(query.of)
    case 'or':
      return simplifyOr(query.of, query.atLeast ?? 1)
    case 'not': {
      const of = simplify(query.of)
      if (of.kind === 'not') return of.of
      if (of.kind === 'all') return { kind: 'none' }
      if (of.kind === 'none') return { kind: 'all' }
      return { kind: 'not', of }
    }
    case 'ids':
      return query.values.length === 0 ? { kind: 'none' } : query
    default:
      return query
  }
}

function simplifyAnd(of: readonly Query[]): Query {
  const parts: Query[] = []
  for (const part of of.map(simplify)) {
    if (part.kind === 'none') return part
    if (part.kind === 'and') for (const inner of part.of) parts.push(inner)
    else if (part.kind !== 'all') parts.push(part)
  }
  if (parts.length === 0) return { kind: 'all' }
  return parts.length === 1 ? parts[0]! : { kind: 'and', of: parts }
}

function simplifyOr(of: readonly Query[], atLeast: number): Query {
  const parts: Query[] = []
  let wanted = atLeast
  for (const part of of.map(simplify)) {
    if (part.kind === 'all') wanted--
    else if (part.kind !== 'none') parts.push(part)
  }
  if (wanted <= 0) return { kind: 'all' }
  if (parts.length < wanted) return { kind: 'none' }
  if (parts.length === wanted) return simplifyAnd(parts)
  if (wanted > 1) return { kind: 'or', of: parts, atLeast: wanted }
  return joinIds(parts.flatMap((part) => (part.kind === 'or' && !part.atLeast ? part.of : [part])))
}

/** Alternatives, of which those by id are one, where the first of them stands. */
function joinIds(parts: readonly Query[]): Query {
  const values = new Set(parts.flatMap((part) => (part.kind === 'ids' ? part.values : [])))
  const first = parts.findIndex((part) => part.kind === 'ids')
  const joined = parts.flatMap((part, at): Query[] => {
    if (part.kind !== 'ids') return [part]
    return at === first ? [{ kind: 'ids', values: [...values] }] : []
  })
  return joined.length === 1 ? joined[0]! : { kind: 'or', of: joined }
}
