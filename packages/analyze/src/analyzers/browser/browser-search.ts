import type { Analyzer } from '../analyzer.ts'
import { topTermsOf } from '../top-terms-of.ts'
import { BROWSER_EVENTS, BROWSER_STORY_HEAD, titleOfBrowserStory } from './browser-events.ts'
import { findSearch } from './search-engines.ts'

const TAG = 'browser-search'
const TABLE_ROWS = 20

/** Reads out of addresses what was searched for. Marks and names as Timesketch 20261014 (lib/analyzers/browser_search.py). */
export const browserSearch: Analyzer = {
  name: 'browser_search',
  displayName: 'Browser search terms',
  description: 'Reads what was searched for out of the addresses of a browser history',
  dependencies: ['domain'],
  async run(run) {
    let found = 0
    for await (const page of run.events.read(BROWSER_EVENTS))
      for (const event of page) {
        const url = event.get('url')
        const search = typeof url === 'string' ? findSearch(url) : undefined
        if (!search) continue
        found += 1
        const day = String(event.get('datetime')).split('T')[0]
        await run.mark(event, {
          tags: [TAG],
          emojis: ['MAGNIFYING_GLASS'],
          attributes: {
            search_string: search.words,
            search_engine: search.engine,
            search_day: `D:${day}`,
          },
          humanReadable: { text: `${search.engine} search query: ${search.words}`, place: 'last' },
        })
      }
    if (found > 0) await tell(run, found)
    return `Browser Search completed with ${found} search results extracted.`
  },
}

async function tell(run: Parameters<Analyzer['run']>[0], found: number): Promise<void> {
  const { name: timeline } = run.timeline
  const view = await run.work.saveSearch({
    name: 'Browser Search',
    queryString: `tag:"${TAG}"`,
    fields: ['domain', 'url', 'search_string'],
  })
  const common = {
    description: 'Created by the browser search analyzer',
    count: TABLE_ROWS,
    savedSearchId: view.id,
  }
  const queries = await run.work.saveAggregation(
    topTermsOf(run, {
      ...common,
      name: `Top 20 browser search queries (${timeline})`,
      field: 'search_string',
      chartType: 'table',
    }),
  )
  const days = await run.work.saveAggregation(
    topTermsOf(run, {
      ...common,
      name: `Top 20 days of search queries (${timeline})`,
      field: 'search_day',
      chartType: 'bar',
      drawnAs: 'table',
    }),
  )
  const engines = await run.work.saveAggregation(
    topTermsOf(run, {
      ...common,
      name: `Top 20 Search Engines (${timeline})`,
      field: 'domain',
      queryString: `tag:"${TAG}"`,
      chartType: 'table',
      drawnAs: 'bar',
    }),
  )
  await run.work.addToStory(titleOfBrowserStory(timeline), [
    BROWSER_STORY_HEAD,
    {
      kind: 'text',
      markdown: `## Browser Search Analyzer.\n\n**${found}** addresses of the timeline **${timeline}** are searches; their words were read out of them.`,
    },
    { kind: 'text', markdown: `The ${TABLE_ROWS} commonest searches:` },
    { kind: 'aggregation', aggregation: queries },
    { kind: 'text', markdown: 'Where was searched:' },
    { kind: 'aggregation', aggregation: engines },
    { kind: 'text', markdown: 'On which days:' },
    { kind: 'aggregation', aggregation: days },
    { kind: 'text', markdown: 'Every search:' },
    { kind: 'search', search: view },
  ])
}
