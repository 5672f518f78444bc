import { expect, test } from 'vitest'
import { runAnalyzer } from '../../testing/run-analyzer.ts'
import { domain } from './domain.ts'
import { domainOfUrl } from './domain-name.ts'
import { phishyDomains } from './phishy-domains.ts'

const visits = (url: string, count: number) => Array.from({ length: count }, () => ({ message: 'v', url }))

test.each([
  ['https://Example.com:8443/path', 'Example.com'],
  ['//cdn.example/x', 'cdn.example'],
  ['ftp://h?q', 'h'],
  ['example.com/x', ''],
  ['', ''],
])('the host of %s', (url, host) => {
  expect(domainOfUrl(url)).toBe(host)
})

test('events get their domain, how common it is, and its network', async () => {
  const rows = [
    ...visits('https://busy.example/a', 10),
    ...visits('https://x.cloudfront.net/', 2),
    { message: 'said', domain: 'rare.example', url: 'https://other.example' },
    { message: 'none', url: 'nothing' },
  ]
  const { result, marks, aggregations } = await runAnalyzer(domain, rows)
  expect(marks.get(0)).toEqual({
    tags: [],
    attributes: { domain: 'busy.example', domain_count: 10, is_common_domain: true },
  })
  expect(marks.get(10)).toEqual({
    tags: ['known-cdn'],
    attributes: { domain: 'x.cloudfront.net', domain_count: 2, cdn_provider: 'Amazon CloudFront' },
  })
  expect(marks.get(12)).toEqual({
    tags: ['rare-domain'],
    attributes: { domain: 'rare.example', domain_count: 1 },
  })
  expect(marks.has(13)).toBe(false)
  expect(aggregations).toMatchObject([
    {
      name: 'Domain Analyzer: (evidence)',
      aggregator: 'top_terms',
      parameters: { aggregator_parameters: { aggregator_options: { max_items: 3, timeline_ids: [1] } } },
    },
  ])
  expect(JSON.parse(result)).toMatchObject({
    result_summary: '3 domains discovered (3 TLDs) and 1 known CDN networks found.',
    platform_meta_data: { saved_aggregations: [1] },
  })
})

test('without domains there is nothing to say', async () => {
  const { result, aggregations } = await runAnalyzer(domain, [{ message: 'x' }])
  expect(JSON.parse(result).result_summary).toBe('No domains to analyze.')
  expect(aggregations).toEqual([])
  expect((await runAnalyzer(phishyDomains, [{ message: 'x' }])).result).toBe(
    'No domains discovered, so no phishy domains.',
  )
})

test('what looks like a watched domain is tagged, what is one is not', async () => {
  const rows = [
    'shop.example',
    'www.paypal.com',
    'login.paypal.com',
    'zzz.example',
    'bank0fmine.example',
  ].map((name) => ({ message: 'v', domain: name }))
  const settings = { watchedDomains: ['bankofmine.example'], watchedDomainCount: 0 }
  const { result, marks, searches } = await runAnalyzer(phishyDomains, rows, { settings })
  expect(result).toBe('1 potentially phishy domains discovered.')
  expect([...marks.keys()]).toEqual([4])
  expect(marks.get(4)).toEqual({
    tags: ['phishy-domain'],
    emojis: ['SKULL_CROSSBONE', 'FISHING_POLE'],
    humanReadable: {
      text: 'Domain bank0fmine.example is similar to bankofmine.example [score: 0.80]',
      place: 'first',
    },
  })
  expect(searches).toEqual([{ name: 'Phishy Domains', queryString: 'tag:"phishy-domain"' }])
})

test('imitations among excluded domains are tagged as known', async () => {
  const settings = {
    watchedDomains: ['gstatic.example'],
    excludedDomains: ['gstatics.example'],
    watchedDomainCount: 0,
  }
  const { marks, searches } = await runAnalyzer(
    phishyDomains,
    [{ message: 'v', domain: 'gstatics.example' }],
    {
      settings,
    },
  )
  expect(marks.get(0)?.tags).toEqual(['phishy-domain', 'known-domain'])
  expect(searches.map(({ name }) => name)).toEqual(['Phishy Domains', 'Phishy Domains, excl. known domains'])
})
