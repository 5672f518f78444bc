import type { SigmaCorrelation, SigmaRule } from '../rule/rule.ts'

type Referable = SigmaRule | SigmaCorrelation

/**
 * What correlations refer to. An id means its rule, whoever added it. A name, which anybody may give, means a rule of the same owner,
 * or one without an owner (an administrator's, or the program's own); of those without an owner it may mean anybody's, their own
 * first. Of several the first counts, rules before correlations.
 */
export class ReferenceTable {
  readonly #byId = new Map<string, Referable>()
  readonly #byName = new Map<string, Referable[]>()

  constructor(rules: readonly SigmaRule[], correlations: readonly SigmaCorrelation[]) {
    for (const document of [...rules, ...correlations]) {
      const { id, name } = document.meta
      const idKey = id?.toLowerCase()
      if (idKey !== undefined && !this.#byId.has(idKey)) this.#byId.set(idKey, document)
      if (name === undefined) continue
      const named = this.#byName.get(name.toLowerCase())
      if (named) named.push(document)
      else this.#byName.set(name.toLowerCase(), [document])
    }
  }

  /** @param owner - Of the correlation. */
  find(reference: string, owner: string | undefined): Referable | undefined {
    const key = reference.toLowerCase()
    const known = this.#byId.get(key)
    if (known) return known
    const named = this.#byName.get(key) ?? []
    const own = named.find((document) => document.owner === owner)
    if (own) return own
    return owner === undefined ? named[0] : named.find((document) => document.owner === undefined)
  }

  /** Whether a name that means nothing to an owner is one of somebody else's rules. */
  isForeign(reference: string): boolean {
    return this.#byName.has(reference.toLowerCase())
  }
}
