/** A condition of a rule, as it is written. */
export type ConditionNode =
  | { readonly kind: 'identifier'; readonly name: string }
  /** So many of the search identifiers that fit a pattern with `*`; `them` is every one without `_` in front. */
  | { readonly kind: 'some'; readonly count: number | 'all'; readonly pattern: string }
  | { readonly kind: 'and' | 'or'; readonly of: readonly ConditionNode[] }
  | { readonly kind: 'not'; readonly of: ConditionNode }

/** How many identifiers and patterns a condition names. */
export function countLeaves(condition: ConditionNode): number {
  switch (condition.kind) {
    case 'identifier':
    case 'some':
      return 1
    case 'not':
      return countLeaves(condition.of)
    default:
      return condition.of.reduce((sum, part) => sum + countLeaves(part), 0)
  }
}

/** Parts an identifier or pattern that was added to a rule from the name of what added it. None that is written has it. */
const ADDED_BY = '\0'

/** Names an identifier or pattern that is added to a rule so that it and those of the rule mean nothing of each other's. */
export function nameAdded(by: string, name: string): string {
  return `${by}${ADDED_BY}${name}`
}

/**
 * The identifiers that a pattern means, of the rule or of what the pattern was added by. Those that begin with `_` are meant by patterns
 * that begin with it only.
 */
export function matchIdentifiers(pattern: string, names: Iterable<string>): readonly string[] {
  const [by, own] = splitAdded(pattern)
  const wanted = own === 'them' ? '*' : own
  return [...names].filter((identifier) => {
    const [addedBy, name] = splitAdded(identifier)
    if (addedBy !== by || (name.startsWith('_') && !wanted.startsWith('_'))) return false
    return matchesPattern(wanted, name)
  })
}

function splitAdded(name: string): readonly [by: string, own: string] {
  const end = name.indexOf(ADDED_BY)
  return end < 0 ? ['', name] : [name.slice(0, end), name.slice(end + ADDED_BY.length)]
}

function matchesPattern(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return pattern === name
  const last = rest.pop()!
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last))
    return false
  let at = first.length
  const end = name.length - last.length
  for (const part of rest) {
    const found = name.indexOf(part, at)
    if (found < 0 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}
