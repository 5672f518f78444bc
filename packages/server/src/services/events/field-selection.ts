import { joinMembers, splitMembers } from '@timeskein/model'

/**
 * Which fields of an event are wanted: names and dotted paths, `*` for any run of characters. A path takes everything
 * below it, as OpenSearch's `_source` filtering does.
 */
export class FieldSelection {
  readonly #exact = new Set<string>()
  readonly #patterns: string[] = []
  readonly #paths: readonly string[]

  constructor(paths: readonly string[]) {
    this.#paths = paths
    for (const path of paths) {
      if (path.includes('*')) this.#patterns.push(path)
      else this.#exact.add(path)
    }
  }

  /** The selected part of a member, as JSON text; undefined when nothing of it is wanted. */
  select(name: string, value: string, above = ''): string | undefined {
    const path = above + name
    if (this.#takes(path)) return value
    if (!value.startsWith('{') || !this.#reachesBelow(path)) return undefined
    const parts: [string, string][] = []
    for (const [inner, innerValue] of splitMembers(value)) {
      const part = this.select(inner, innerValue, `${path}.`)
      if (part !== undefined) parts.push([inner, part])
    }
    return parts.length === 0 ? undefined : joinMembers(parts)
  }

  #takes(path: string): boolean {
    if (this.#exact.has(path)) return true
    for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
      if (this.#exact.has(path.slice(0, dot))) return true
    }
    return this.#patterns.some((pattern) => matchesGlob(pattern, path))
  }

  #reachesBelow(path: string): boolean {
    return this.#paths.some((wanted) => wanted.includes('*') || wanted.startsWith(`${path}.`))
  }
}

/** Says whether a whole text fits a pattern with `*`. Takes time in proportion to the product of their lengths at worst. */
export function matchesGlob(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let star = -1
  let resume = 0
  while (t < text.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p++
      resume = t
    } else if (p < pattern.length && pattern[p] === text[t]) {
      p++
      t++
    } else if (star !== -1) {
      p = star + 1
      t = ++resume
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}
