import { expect, test } from 'vitest'
import { runAnalyzer } from '../../testing/run-analyzer.ts'
import { boundsOfDay, findActiveHours } from './active-hours.ts'
import { browserSearch } from './browser-search.ts'
import { browserTimeframe } from './browser-timeframe.ts'

const web = (more: object) => ({ source_short: 'WEBHIST', message: 'visited', ...more })
const at = (hour: number, day = 1) => `2024-02-0${day}T${String(hour).padStart(2, '0')}:30:00Z`

test('searches are read out of addresses and told in a story', async () => {
  const { result, marks, searches, aggregations, stories } = await runAnalyzer(browserSearch, [
    web({ url: 'https://www.google.com/search?q=exfil', datetime: at(3) }),
    web({ url: 'https://example.com/' }),
    web({}),
    { message: 'no browser', url: 'https://www.google.com/search?q=x' },
  ])
  expect(result).toBe('Browser Search completed with 1 search results extracted.')
  expect([...marks]).toEqual([
    [
      0,
      {
        tags: ['browser-search'],
        emojis: ['MAGNIFYING_GLASS'],
        attributes: { search_string: 'exfil', search_engine: 'Google', search_day: 'D:2024-02-01' },
        humanReadable: { text: 'Google search query: exfil', place: 'last' },
      },
    ],
  ])
  expect(searches).toEqual([
    {
      name: 'Browser Search',
      queryString: 'tag:"browser-search"',
      fields: ['domain', 'url', 'search_string'],
    },
  ])
  expect(aggregations.map(({ name, chartType }) => [name, chartType])).toEqual([
    ['Top 20 browser search queries (evidence)', 'table'],
    ['Top 20 days of search queries (evidence)', 'bar'],
    ['Top 20 Search Engines (evidence)', 'table'],
  ])
  expect(stories.get('Browser Artifacts - evidence')?.map(({ kind }) => kind)).toEqual([
    'text',
    'text',
    'text',
    'aggregation',
    'text',
    'aggregation',
    'text',
    'aggregation',
    'text',
    'search',
  ])
})

test('no searches leave nothing behind', async () => {
  const { result, searches, stories } = await runAnalyzer(browserSearch, [
    web({ url: 'https://example.com/' }),
  ])
  expect([result, searches.length, stories.size]).toEqual([
    'Browser Search completed with 0 search results extracted.',
    0,
    0,
  ])
})

test('what a browser did at odd hours is tagged', async () => {
  const day = [9, 10, 11, 12, 13].flatMap((hour) =>
    Array.from({ length: 10 }, () => web({ datetime: at(hour) })),
  )
  const night = [web({ datetime: at(3) }), web({ datetime: '1960-01-01T00:00:00Z' })]
  const { result, marks, groups, stories } = await runAnalyzer(browserTimeframe, [...day, ...night])
  expect(result).toBe('Tagged 1 out of 51 events as outside of normal active hours.')
  expect([...marks]).toEqual([
    [
      50,
      {
        tags: ['outside-active-hours'],
        emojis: ['SLEEPING_FACE'],
        attributes: {
          activity_summary: 'Number of events for this hour (3): 1, with the threshold value: 1.50',
          hour_count: 1,
        },
      },
    ],
  ])
  expect(groups).toMatchObject([{ name: 'Browser Activity Per Hour', members: [1, 2] }])
  expect(stories.get('Browser Artifacts - evidence')?.[1]).toMatchObject({
    markdown: expect.stringContaining('mostly between 09 and 13 o’clock'),
  })
})

test('a timeline without browser events says so', async () => {
  expect((await runAnalyzer(browserTimeframe, [{ message: 'x' }])).result).toBe(
    'No browser events discovered.',
  )
})

test('a day that goes on past midnight is one', () => {
  const counts = new Map([22, 23, 0, 1, 12].map((hour) => [hour, hour === 12 ? 1 : 50]))
  const { hours } = findActiveHours(counts)
  expect(hours).toEqual([0, 1, 22, 23])
  expect(boundsOfDay(hours)).toEqual([22, 1])
})

test('a gap of one hour is closed, and of many runs the first and the last stay', () => {
  const busy = (hours: number[]) => new Map(hours.map((hour) => [hour, 50]))
  expect(findActiveHours(busy([9, 10, 12, 13])).hours).toEqual([9, 10, 11, 12, 13])
  expect(findActiveHours(busy([1, 8, 9, 15, 20, 21])).hours).toEqual([0, 1, 20, 21])
})
