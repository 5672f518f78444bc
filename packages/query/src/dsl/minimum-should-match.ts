import { fail } from './json.ts'

/**
 * How many of `optional` clauses must match, from OpenSearch's `minimum_should_match`: `2`, `-1`, `75%`, `-25%`,
 * `3<90%`, `2<-25% 9<-3`.
 *
 * @returns The number, perhaps more than there are (then nothing matches); undefined when none was asked.
 */
export function readMinimumShouldMatch(value: unknown, optional: number, path: string): number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string' && typeof value !== 'number') return failSpec(value, path)
  return Math.max(0, compute(String(value).trim(), optional, path))
}

function compute(spec: string, optional: number, path: string): number {
  if (!spec.includes('<')) return computeSimple(spec, optional, path)
  let result = optional
  for (const rule of spec.replaceAll(/\s*<\s*/g, '<').split(/\s+/)) {
    const found = /^(\d{1,9})<([^<]+)$/.exec(rule)
    if (found === null) return failSpec(spec, path)
    if (optional <= Number(found[1])) return result
    result = computeSimple(found[2]!, optional, path)
  }
  return result
}

function computeSimple(spec: string, optional: number, path: string): number {
  const found = /^([+-]?\d{1,9})(%?)$/.exec(spec)
  if (found === null) return failSpec(spec, path)
  const given = Number(found[1])
  const count = found[2] === '%' ? Math.trunc((optional * given) / 100) : given
  return given < 0 ? optional + count : count
}

function failSpec(value: unknown, path: string): never {
  return fail(
    path,
    `a number, a percentage or rules such as "3<90%" were expected, found ${JSON.stringify(value)}`,
  )
}
