import type { Analyzer } from '../analyzer.ts'
import { percentile } from '../percentile.ts'
import { writeReport } from '../report.ts'
import { topTermsOf } from '../top-terms-of.ts'
import { findCdnProvider } from './cdn-domains.ts'
import { DOMAIN_EVENTS, domainOfEvent, topLevelOf } from './domain-name.ts'

/** From which percentile of counts a domain is common, and up to which it is rare. */
const COMMON_PERCENT = 85
const RARE_PERCENT = 20

/**
 * Names the domain of each event and how often it is visited. Reads the events twice, to count and to mark; in memory are the
 * domains. What it writes is what Timesketch 20261014 does (lib/analyzers/domain.py).
 */
export const domain: Analyzer = {
  name: 'domain',
  displayName: 'Domain',
  description:
    'Names the domain of events with a URL, how common it is, and which delivery network it belongs to',
  dependencies: ['feature_extraction'],
  async run(run) {
    const counts = new Map<string, number>()
    for await (const page of run.events.read(DOMAIN_EVENTS))
      for (const event of page) {
        const name = domainOfEvent(event)
        if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
      }
    if (counts.size === 0)
      return writeReport(domain, run, { priority: 'NOTE', summary: 'No domains to analyze.' })

    const visits = [...counts.values()]
    const rareUpTo = Math.trunc(percentile(visits, RARE_PERCENT))
    const commonFrom = Math.trunc(percentile(visits, COMMON_PERCENT))
    const providers = new Map<string, string>()
    for (const name of counts.keys()) {
      const provider = findCdnProvider(name, run.settings.cdnDomains)
      if (provider !== undefined) providers.set(name, provider)
    }
    const tags = new Set<string>()
    for await (const page of run.events.read(DOMAIN_EVENTS))
      for (const event of page) {
        const name = domainOfEvent(event)
        const count = name === undefined ? undefined : counts.get(name)
        if (name === undefined || count === undefined) continue
        const provider = providers.get(name)
        const own = [
          ...(provider === undefined ? [] : ['known-cdn']),
          ...(count <= rareUpTo ? ['rare-domain'] : []),
        ]
        for (const tag of own) tags.add(tag)
        await run.mark(event, {
          tags: own,
          attributes: {
            domain: name,
            domain_count: count,
            ...(count >= commonFrom ? { is_common_domain: true } : {}),
            ...(provider === undefined ? {} : { cdn_provider: provider }),
          },
        })
      }
    const table = await run.work.saveAggregation(
      topTermsOf(run, {
        name: `Domain Analyzer: (${run.timeline.name})`,
        description: 'Table of all domains',
        field: 'domain',
        count: counts.size,
        chartType: 'table',
      }),
    )
    const topLevels = new Set([...counts.keys()].map(topLevelOf))
    const networks = new Set(providers.values())
    return writeReport(domain, run, {
      priority: 'NOTE',
      summary: `${counts.size} domains discovered (${topLevels.size} TLDs) and ${networks.size} known CDN networks found.`,
      aggregations: [table.id],
      tags: [...tags],
      attributes: ['domain', 'domain_count', 'is_common_domain', 'cdn_provider'],
    })
  },
}
