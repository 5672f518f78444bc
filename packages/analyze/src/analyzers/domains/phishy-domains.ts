import { fieldText } from '../../field-text.ts'
import type { Analyzer } from '../analyzer.ts'
import type { AnalyzerSettings } from '../settings.ts'
import { topLevelOf, withoutWww } from './domain-name.ts'
import { findLikenesses, type Likeness, type WatchedDomain, watchDomain } from './similar-domain.ts'

/** Domains that are often imitated; those of the settings and those that the timeline visits most come with them. */
const OFTEN_IMITATED = [
  'amazon.com',
  'apple.com',
  'dropbox.com',
  'facebook.com',
  'github.com',
  'google.com',
  'instagram.com',
  'linkedin.com',
  'microsoft.com',
  'netflix.com',
  'office.com',
  'paypal.com',
  'wikipedia.org',
  'yahoo.com',
  'youtube.com',
]

/** Tags domains that look like others. Reads the events twice, to count and to mark; in memory are the domains. */
export const phishyDomains: Analyzer = {
  name: 'phishy_domains',
  displayName: 'Phishy domains',
  description: 'Compares the domains that were visited with those that are visited most, to find imitations',
  dependencies: ['domain'],
  async run(run) {
    const events = { kind: 'exists', field: 'domain' } as const
    const counts = new Map<string, number>()
    for await (const page of run.events.read(events))
      for (const event of page) {
        const domain = fieldText(event, 'domain')
        if (domain !== undefined) counts.set(domain, (counts.get(domain) ?? 0) + 1)
      }
    if (counts.size === 0) return 'No domains discovered, so no phishy domains.'

    const { excludedDomains, watchedDomainScore } = run.settings
    const watched = listWatched(counts, run.settings)
    const phishy = new Map<string, readonly Likeness[]>()
    for (const domain of counts.keys()) {
      const likenesses = findLikenesses(domain, watched, watchedDomainScore)
      if (likenesses.length > 0) phishy.set(domain, likenesses)
    }
    if (phishy.size > 0) {
      const isKnown = (domain: string): boolean => excludedDomains.some((ending) => domain.endsWith(ending))
      for await (const page of run.events.read(events))
        for (const event of page) {
          const domain = fieldText(event, 'domain')
          const likenesses = domain === undefined ? undefined : phishy.get(domain)
          if (domain === undefined || !likenesses) continue
          const text = likenesses.map(({ name, score }) => `${name} [score: ${score.toFixed(2)}]`).join(', ')
          await run.mark(event, {
            tags: ['phishy-domain', ...(isKnown(domain) ? ['known-domain'] : [])],
            emojis: ['SKULL_CROSSBONE', 'FISHING_POLE'],
            humanReadable: { text: `Domain ${domain} is similar to ${text}`, place: 'first' },
          })
        }
      const query = 'tag:"phishy-domain"'
      await run.work.saveSearch({ name: 'Phishy Domains', queryString: query })
      if ([...phishy.keys()].some(isKnown))
        await run.work.saveSearch({
          name: 'Phishy Domains, excl. known domains',
          queryString: `${query} AND NOT tag:"known-domain"`,
        })
    }
    return `${phishy.size} potentially phishy domains discovered.`
  },
}

function listWatched(
  counts: ReadonlyMap<string, number>,
  { watchedDomains, watchedDomainCount, excludedDomains }: AnalyzerSettings,
): readonly WatchedDomain[] {
  const topLevels = new Map<string, number>()
  for (const domain of counts.keys()) {
    const top = topLevelOf(domain)
    topLevels.set(top, (topLevels.get(top) ?? 0) + (counts.get(domain) ?? 0))
  }
  const names = new Set([
    ...watchedDomains,
    ...mostCommon(counts, watchedDomainCount).map(withoutWww),
    ...mostCommon(topLevels, watchedDomainCount),
    ...OFTEN_IMITATED,
  ])
  return [...names]
    .filter((name) => !excludedDomains.some((ending) => name.endsWith(ending)))
    .flatMap((name) => watchDomain(name) ?? [])
}

function mostCommon(counts: ReadonlyMap<string, number>, count: number): readonly string[] {
  return [...counts]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, count)
    .map(([name]) => name)
}
