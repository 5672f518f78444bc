import type { Query } from '@timeskein/query'
import { parseSol, type SolValue } from '@timeskein/query/sol'
import { expect, test } from 'vitest'
import type { SolRow } from './row.ts'
import { compileRowFilter } from './row-filter.ts'
import { runSol, type SolAnswer } from './run-sol.ts'

const NOW = Date.UTC(2026, 2, 26, 10, 30)

/** Tables in memory; events are asked by their store's name of the time, as a store is. */
function run(
  text: string,
  tables: Readonly<Record<string, readonly SolRow[]>>,
  parameters?: ReadonlyMap<string, SolValue>,
): Promise<SolAnswer> {
  const events = (table: string, query: Query): readonly SolRow[] =>
    (tables[table] ?? [])
      .map((row) => ({ row, passes: compileRowFilter(query)({ ...row, datetime: row['timestamp'] }) }))
      .filter(({ passes }) => passes)
      .map(({ row }) => row)
  return runSol(
    parseSol(text),
    {
      async *readEvents(table, query) {
        for (const row of events(table, query)) yield [row]
      },
      countEvents: async (table, query) => events(table, query).length,
      async *readTable(table) {
        yield tables[table] ?? []
      },
    },
    { nowMs: NOW, ...(parameters && { parameters }) },
  )
}

async function rowsOf(...given: Parameters<typeof run>): Promise<readonly SolRow[]> {
  return (await run(...given)).rows
}

const EVENTS: readonly SolRow[] = [
  {
    timestamp: '2026-03-26T10:00:00.000Z',
    'event.code': '4625',
    'source.ip': '1.0.0.1',
    'user.name': 'Ada',
    bytes: 10,
  },
  {
    timestamp: '2026-03-26T09:00:00.000Z',
    'event.code': '4624',
    'source.ip': '1.0.0.1',
    'user.name': 'ada',
    bytes: 30,
  },
  { timestamp: '2026-03-25T09:00:00.000Z', 'event.code': 4625, 'source.ip': '1.0.0.2', bytes: 2 },
]

test('conditions choose rows, and columns are made', async () => {
  expect(
    await rowsOf(
      'events | where timestamp > ago(2h) and event.code == 4625 | select timestamp, who = tolower(user.name), bytes * 2',
      { events: EVENTS },
    ),
  ).toEqual([{ timestamp: '2026-03-26T10:00:00.000Z', who: 'ada', result: 20 }])
})

test('what is missing is null: comparisons are false, negations true', async () => {
  const count = async (condition: string): Promise<unknown> =>
    (await rowsOf(`events | select user.name, bytes | where ${condition} | count`, { events: EVENTS }))[0]?.[
      'count'
    ]
  expect(await count('user.name == "ada"')).toBe(1)
  expect(await count('user.name =~ "ada"')).toBe(2)
  expect(await count('user.name != "ada"')).toBe(2)
  expect(await count('not user.name in ["ada"]')).toBe(2)
  expect(await count('user.name == null')).toBe(1)
  expect(await count('user.name != null')).toBe(2)
  expect(await count('isnull(user.name)')).toBe(1)
  expect(await count('user.name < "z"')).toBe(2)
})

test('rows are put together in groups, with the names that Sekoia gives', async () => {
  expect(
    await rowsOf(
      'events | aggregate count(), sum(bytes), failed = countif(event.code == "4625"), mb = sum(bytes) / 2 by source.ip | order by count',
      { events: EVENTS },
    ),
  ).toEqual([
    { 'source.ip': '1.0.0.1', count: 2, sum_bytes: 40, failed: 1, mb: 20 },
    { 'source.ip': '1.0.0.2', count: 1, sum_bytes: 2, failed: 1, mb: 1 },
  ])
  expect(
    await rowsOf('events | aggregate count() by bin(timestamp, 1d) | order by bin_timestamp asc', {
      events: EVENTS,
    }),
  ).toEqual([
    { bin_timestamp: '2026-03-25T00:00:00.000Z', count: 1 },
    { bin_timestamp: '2026-03-26T00:00:00.000Z', count: 2 },
  ])
  expect(
    await rowsOf(
      'events | aggregate avg(bytes), min(bytes), max(timestamp), count_distinct(source.ip), make_set(user.name)',
      { events: EVENTS },
    ),
  ).toEqual([
    {
      avg_bytes: 14,
      min_bytes: 2,
      max_timestamp: '2026-03-26T10:00:00.000Z',
      'count_distinct_source.ip': 2,
      'make_set_user.name': ['Ada', 'ada'],
    },
  ])
  expect(
    await rowsOf('events | where bytes > 99 | aggregate count(), sum(bytes), max(bytes)', { events: EVENTS }),
  ).toEqual([{ count: 0, sum_bytes: 0, max_bytes: null }])
})

test('distinct, order, limit and top', async () => {
  expect(await rowsOf('events | distinct source.ip', { events: EVENTS })).toEqual([
    { 'source.ip': '1.0.0.1' },
    { 'source.ip': '1.0.0.2' },
  ])
  const bytes = async (steps: string): Promise<unknown[]> =>
    (await rowsOf(`events | ${steps} | select bytes`, { events: EVENTS })).map((row) => row['bytes'])
  expect(await bytes('order by bytes')).toEqual([30, 10, 2])
  expect(await bytes('sort by bytes asc')).toEqual([2, 10, 30])
  expect(await bytes('order by user.name asc, bytes')).toEqual([10, 30, 2])
  expect(await bytes('top 2 by timestamp asc')).toEqual([2, 30])
  expect(await bytes('limit 1')).toEqual([10])
  expect(await bytes('limit 0')).toEqual([])
})

const INTAKES = [
  { uuid: 'i1', name: 'one', entity_uuid: 'e1' },
  { uuid: 'i2', name: 'two', entity_uuid: 'e9' },
  { uuid: 'i3', name: 'three', entity_uuid: null },
]
const ENTITIES = [
  { uuid: 'e1', name: 'Paris' },
  { uuid: 'e2', name: 'Rennes' },
]

test.each([
  ['join', [{ name: 'one', 'entity.name': 'Paris' }]],
  [
    'left join',
    [
      { name: 'one', 'entity.name': 'Paris' },
      { name: 'two', 'entity.name': null },
      { name: 'three', 'entity.name': null },
    ],
  ],
  [
    'leftanti join',
    [
      { name: 'two', 'entity.name': null },
      { name: 'three', 'entity.name': null },
    ],
  ],
  ['rightanti join', [{ name: 'Rennes', 'entity.name': null }]],
  [
    'lookup',
    [
      { name: 'one', 'entity.name': 'Paris' },
      { name: 'two', 'entity.name': null },
      { name: 'three', 'entity.name': null },
    ],
  ],
])('%s', async (operator, rows) => {
  const tables = { intakes: INTAKES, entities: ENTITIES }
  expect(
    await rowsOf(`intakes | ${operator} entities on entity_uuid == uuid | select name, entity.name`, tables),
  ).toEqual(rows)
})

test('a join keeps the key of the right side, a lookup does not; into names it; a list on the left fans out', async () => {
  const tables = {
    alerts: [{ short_id: 'AL1', assets: [{ uuid: 'a1' }, { uuid: 'a2' }] }],
    assets: [
      { uuid: 'a1', name: 'h1' },
      { uuid: 'a2', name: 'h2' },
    ],
  }
  expect(
    await rowsOf(
      'alerts | join assets on assets.uuid == uuid into x | select short_id, x.uuid, x.name',
      tables,
    ),
  ).toEqual([
    { short_id: 'AL1', 'x.uuid': 'a1', 'x.name': 'h1' },
    { short_id: 'AL1', 'x.uuid': 'a2', 'x.name': 'h2' },
  ])
  const found = await rowsOf('alerts | lookup assets on assets.uuid == uuid | limit 1', tables)
  expect(found[0]?.['asset']).toEqual({ name: 'h1' })
})

test('what is missing is in no list of what was found, and is out of each', async () => {
  const events = [...EVENTS, { timestamp: EVENTS[0]!['timestamp'], bytes: 1 }]
  const found = 'let found = events | where bytes < 5 | distinct source.ip;'
  expect(await rowsOf(`${found} events | where source.ip in found | select bytes`, { events })).toEqual([
    { bytes: 2 },
  ])
  expect(await rowsOf(`${found} events | where not source.ip in found | count`, { events })).toEqual([
    { count: 3 },
  ])
})

test('values, labels and pipelines have names, and stand in others', async () => {
  const program = `
    let least = 5; // bytes
    let labels = {"4625": "failure"};
    let loud = events | where bytes >= least | distinct source.ip;
    let total = toscalar(events | count);
    events
    | where source.ip in loud
    | aggregate count() by event.code
    | extend share = round(count / total * 100, 1), label = labels[event.code]
    | order by label asc`
  expect(await rowsOf(program, { events: EVENTS })).toEqual([
    { 'event.code': '4625', count: 1, share: 33.3, label: 'failure' },
    { 'event.code': '4624', count: 1, share: 33.3, label: null },
  ])
  expect(
    (
      await rowsOf('events | where source.ip in (events | where bytes < 5 | select source.ip)', {
        events: EVENTS,
      })
    ).length,
  ).toBe(1)
})

test('parameters are put in', async () => {
  const found = await rowsOf(
    'events | where timestamp between (?time.start .. ?time.end)',
    { events: EVENTS },
    new Map([
      ['time.start', '2026-03-26T00:00:00Z'],
      ['time.end', '2026-03-26T09:30:00Z'],
    ]),
  )
  expect(found.map((row) => row['bytes'])).toEqual([30])
})

test.each([
  ['year(t)', '2026'],
  ['month(t)', '2026-03'],
  ['week(t)', '2026 - Week 13'],
  ['format_datetime(t, "%B %d, %Y at %H:%M")', 'March 26, 2026 at 15:35'],
  ['bin(n, 10)', 20],
  ['bin(t, 1h)', '2026-03-26T15:00:00.000Z'],
  ['toint("2.9")', 2],
  ['toint("x")', null],
  ['toint(4294967296)', null],
  ['tostring(missing)', ''],
  ['round(n / 7.0, 2)', 3.57],
  ['n / 0', null],
  ['coalesce(missing, name, "x")', 'ADA'],
  ['iff(n > 20, "big", "small")', 'big'],
  ['toupper(tolower(name))', 'ADA'],
  ['extract(@"https?://([^/]+)", 1, url)', 'example.com'],
  ['extract("nothing", 0, url)', null],
  ['replace_regex(mail, @"(\\w+)@.*", "$1@example.com")', 'ada@example.com'],
  ['parse_json(json)', { a: [1, 2] }],
  ['parse_json("{")', null],
  ['base64_decode(base64_encode(name))', 'ADA'],
  ['split(url, "/", 2)', 'example.com'],
  ['split("a,b", ",")', ['a', 'b']],
  ['now() - t', -18_300],
  ['name + "!"', 'ADA!'],
  ['missing + 1', null],
])('%s', async (expression, value) => {
  const row = {
    t: '2026-03-26T15:35:00.000Z',
    n: 25,
    name: 'ADA',
    url: 'https://example.com/a',
    mail: 'ada@corp.test',
    json: '{"a":[1,2]}',
  }
  expect(await rowsOf(`intakes | select x = ${expression}`, { intakes: [row] })).toEqual([{ x: value }])
})

test.each([
  ['tags.tag in ["Admin"]', 1],
  ['tags.tag contains "dm"', 1],
  ['name startswith~ "h"', 2],
  ['name endswith "2"', 1],
  ['name matches regex "h[0-9]"', 1],
  ['name matches regex "h"', 0],
  ['name matches regex "(?:h).*"', 0],
  ['tolower(name) matches regex "h.*"', 2],
  ['criticality between (10 .. 20)', 1],
  ['tolower(name) == "h1" or criticality > 15', 2],
  ['(criticality + 1) in [11, 99]', 1],
  ['created_at >= "2026-01-02"', 1],
  ['created_at < ago(1d) and not reviewed', 1],
  ['name !in ["h1"]', 1],
])('where %s', async (condition, count) => {
  const assets = [
    {
      name: 'h1',
      criticality: 10,
      tags: [{ tag: 'Admin' }, { tag: 'x' }],
      created_at: '2026-01-01T00:00:00Z',
      reviewed: true,
    },
    { name: 'H2', criticality: '30', tags: [], created_at: '2026-02-01T00:00:00Z', reviewed: false },
  ]
  expect((await rowsOf(`assets | where ${condition}`, { assets })).length).toBe(count)
})

test('rows beyond the limit of a table are said to be missing, and those that nobody asked for are not', async () => {
  const events = Array.from({ length: 20 }, (_, place) => ({ place }))
  const limited = await run('set internal_fetch_limit = 5; events | aggregate count()', { events })
  expect(limited.rows).toEqual([{ count: 5 }])
  expect(limited.warnings).toEqual([expect.stringContaining('only the first 5 rows of events were read')])
  expect((await run('set internal_fetch_limit = 5; events | limit 3', { events })).warnings).toEqual([])
  expect((await run('set internal_fetch_limit = 5; events | count', { events })).rows).toEqual([
    { count: 20 },
  ])
  expect(
    (await run('set internal_fetch_limit = 20; events | aggregate count()', { events })).warnings,
  ).toEqual([])
})

test('how to draw the rows is told, and changes none', async () => {
  const { rows, chart } = await run(
    'events | aggregate count() by source.ip | render piechart with (x=source.ip, y=count)',
    {
      events: EVENTS,
    },
  )
  expect(rows.length).toBe(2)
  expect(chart).toMatchObject({ chart: 'piechart', options: { x: 'source.ip', y: 'count' } })
})

test('a join that would never end is refused', async () => {
  const rows = Array.from({ length: 1500 }, () => ({ k: 1, uuid: 1 }))
  await expect(
    run('intakes | join entities on k == uuid', { intakes: rows, entities: rows }),
  ).rejects.toThrow('a join gives at most 1000000 rows')
})

test('names of the prototype are columns like any other', async () => {
  expect(await rowsOf('intakes | select constructor, toString, __proto__', { intakes: [{ a: 1 }] })).toEqual([
    Object.fromEntries([
      ['constructor', null],
      ['toString', null],
      ['__proto__', null],
    ]),
  ])
})
