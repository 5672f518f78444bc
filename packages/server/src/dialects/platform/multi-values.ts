import { invalid } from '../../errors/domain-error.ts'

/** Most values of one query string or form. */
const MAX_VALUES = 5000

/**
 * Reads a query string or form (WHATWG URL, section 5.1): a name that comes once has its value, one that comes several times
 * the list of them in their order.
 *
 * @throws {DomainError} `invalid` (`too-many-values`).
 */
export function readMultiValues(text: string): Record<string, string | string[]> {
  const values = new Map<string, string | string[]>()
  let count = 0
  for (const [name, value] of new URLSearchParams(text)) {
    if (++count > MAX_VALUES)
      throw invalid('too-many-values', `A query or form has at most ${MAX_VALUES} values; this one has more.`)
    const before = values.get(name)
    if (before === undefined) values.set(name, value)
    else if (Array.isArray(before)) before.push(value)
    else values.set(name, [before, value])
  }
  // Not assigned one by one: a name such as __proto__ is a name.
  return Object.fromEntries(values)
}
