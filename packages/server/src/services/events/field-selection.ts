import { joinMembers, splitMembers } from '@timeskein/model'
import { compileWildcard, escapeWildcard } from '@timeskein/query'

/**
 * Which fields of an event are wanted: names and dotted paths, `*` for any run of characters. A path takes everything
 * below it, as OpenSearch's `_source` filtering does.
 */
export class FieldSelection {
  readonly #exact = new Set<string>()
  readonly #patterns: ((path: string) => boolean)[] = []
  readonly #paths: readonly string[]

  constructor(paths: readonly string[]) {
    this.#paths = paths
    for (const path of paths) {
      if (path.includes('*')) this.#patterns.push(compileGlob(path))
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
    return this.#patterns.some((matches) => matches(path))
  }

  #reachesBelow(path: string): boolean {
    return this.#paths.some((wanted) => wanted.includes('*') || wanted.startsWith(`${path}.`))
  }
}

/** Makes a test of whole texts by a pattern with `*`; every other sign stands for itself. */
export function compileGlob(pattern: string): (text: string) => boolean {
  return compileWildcard(pattern.split('*').map(escapeWildcard).join('*')).matches
}
