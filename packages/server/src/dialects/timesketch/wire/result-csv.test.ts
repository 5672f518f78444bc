import { formatCsvLine, type StoredEvent } from '@timeskein/model'
import { expect, test } from 'vitest'
import { createEventView } from '../../../services/events/create-event-view.ts'
import { ColumnCollector, makeResultCsv } from './result-csv.ts'

function eventOf(source: Record<string, unknown>, tags: string[] = []): StoredEvent {
  return {
    index: 'a'.repeat(32),
    id: 'e1',
    seq: 0,
    timelineId: 7,
    timeUs: 0n,
    nanos: 0,
    source: JSON.stringify({
      datetime: '1970-01-01T00:00:00',
      message: 'm',
      timestamp_desc: 'd',
      timestamp: 0,
      ...source,
    }),
    profile: { aliases: {}, constants: {} },
    marks: { tags, removedTags: [], labels: [{ name: '__ts_star', sketchId: 3, userId: 1 }], attributes: {} },
  }
}

function csvOf(fields: string[], ...events: StoredEvent[]): string[] {
  const views = events.map((event) => createEventView(event, 3))
  const collector = new ColumnCollector(fields)
  for (const view of views) collector.add(view)
  const csv = makeResultCsv(collector.columns())
  return [csv.header(), ...views.map((view) => csv.row(view))]
}

test('columns come in the order in which they appear, then label, id and index', () => {
  const [header] = csvOf(['message', 'user', 'host'], eventOf({ user: 'a' }), eventOf({ host: 'b' }))
  expect(header).toBe('message,user,host,label,_id,_index\r\n')
})

test('each column is there once, and says which event it is now, though it was exported before', () => {
  const before = eventOf({
    _id: 'old',
    _index: 'old',
    label: '[]',
    __ts_timeline_id: 99,
    timesketch_label: [],
  })
  const [header, row] = csvOf(['*'], before)
  const columns = 'datetime,message,timestamp_desc,timestamp,__ts_timeline_id,label,_id,_index'
  expect([header, row]).toEqual([
    `${columns}\r\n`,
    `1970-01-01T00:00:00,m,d,0,7,['__ts_star'],e1,${'a'.repeat(32)}\r\n`,
  ])
})

test('columns are known as soon as each wanted field was seen, which patterns leave open', () => {
  const collect = (fields: string[], ...events: StoredEvent[]): ColumnCollector => {
    const collector = new ColumnCollector(fields)
    for (const event of events) collector.add(createEventView(event, 3))
    return collector
  }
  const fields = ['user', 'host', 'message', '__ts_timeline_id', 'label']
  const [first, second] = [eventOf({ user: null }), eventOf({ host: [] })]
  expect(collect(fields, first).isComplete).toBe(false)
  expect(collect(fields, first, second).isComplete).toBe(true)
  expect(collect(fields, first, second).columns()).toEqual(['message', 'user', '__ts_timeline_id', 'host'])
  expect(collect([...fields, 'us*'], first, second).isComplete).toBe(false)
  expect(collect([...fields, 'nowhere'], first, second).isComplete).toBe(false)
})

test('values print as Python prints them, tags joined by commas', () => {
  const event = eventOf({ list: [1, 'x', null], flag: true, none: null, text: "it's" }, ['b', 'c'])
  const [, row] = csvOf(['list', 'flag', 'none', 'text', 'tag'], event)
  expect(row).toBe(`"[1, 'x', None]",True,,it's,"b,c",['__ts_star'],e1,${'a'.repeat(32)}\r\n`)
})

test('numbers keep their digits', () => {
  const event = eventOf({})
  const source = '{"n":123456789012345678901234567890,"f":1.0}'
  const [, row] = csvOf(['n', 'f'], { ...event, source })
  expect(row).toContain('123456789012345678901234567890,1.0,')
})

test('cells are what a line of CSV is made of, whatever is in them', () => {
  const texts = [
    '',
    'plain',
    'with, comma',
    'a "quoted" word',
    'two\nlines\r\n',
    'back\\slash, and comma',
    '=1+1',
    '+1,2',
    '-5',
    '@SUM(A1)',
    '\ttab',
    '[sshd] closed, by policy',
    '0123',
    'Ünïcödé, 日本語 😀',
    '\u007f\u2028',
    "'=1",
    '{"json": "text"}',
  ]
  for (const text of texts) {
    const [header, row] = csvOf(['value'], eventOf({ value: text }))
    expect(header).toBe('value,label,_id,_index\r\n')
    expect(row).toBe(formatCsvLine([text, "['__ts_star']", 'e1', 'a'.repeat(32)]))
  }
})
