import { withoutWww } from './domain-name.ts'

/** A domain whose imitations are looked for, made ready. */
export interface WatchedDomain {
  readonly name: string
  /** How many labels it has. */
  readonly depth: number
  /** What stands before its last label. */
  readonly stem: string
  readonly characters: ReadonlySet<string>
}

/** A watched domain that another looks like, and how much, from 0 to 1. */
export interface Likeness {
  readonly name: string
  readonly score: number
}

/** Makes a domain ready; undefined for a name without a dot. */
export function watchDomain(name: string): WatchedDomain | undefined {
  if (!name.includes('.')) return undefined
  const stem = stemOf(name)
  return { name, depth: name.split('.').length, stem, characters: new Set(stem) }
}

/**
 * The watched domains that a domain looks like without being one of them: it shares their characters (Jaccard similarity of the sets,
 * which Timesketch estimates by MinHash) and at least half of the shorter name in one piece.
 *
 * @param threshold - Least similarity.
 */
export function findLikenesses(
  visited: string,
  watched: readonly WatchedDomain[],
  threshold: number,
): readonly Likeness[] {
  const domain = withoutWww(visited)
  if (!domain.includes('.')) return []
  if (watched.some(({ name }) => domain === name || domain.endsWith(`.${name}`))) return []
  const labels = domain.split('.')
  const stem = stemOf(domain)
  const found: Likeness[] = []
  for (const { name, depth, stem: watchedStem, characters } of watched) {
    if (depth > labels.length || depth < 2) continue
    const score = jaccard(new Set(stemOf(labels.slice(-depth).join('.'))), characters)
    if (score < threshold) continue
    const needed = Math.min(Math.trunc(stem.length / 2), Math.trunc(watchedStem.length / 2))
    if (longestShared(stem, watchedStem) >= needed) found.push({ name, score })
  }
  return found
}

function stemOf(domain: string): string {
  return domain.slice(0, domain.lastIndexOf('.'))
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = a.intersection(b).size
  const all = a.size + b.size - shared
  return all === 0 ? 0 : shared / all
}

/** Length of the longest piece that both texts have. Costs the product of their lengths: names of domains are short. */
function longestShared(a: string, b: string): number {
  let longest = 0
  let before = new Uint16Array(b.length + 1)
  for (const letter of a.slice(0, MAX_DOMAIN_LENGTH)) {
    const row = new Uint16Array(b.length + 1)
    for (let at = 0; at < b.length; at++) {
      if (b[at] !== letter) continue
      row[at + 1] = before[at]! + 1
      longest = Math.max(longest, row[at + 1]!)
    }
    before = row
  }
  return longest
}

/** Characters of a domain's name that DNS allows (RFC 1035, section 2.3.4); evidence may claim more. */
const MAX_DOMAIN_LENGTH = 255
