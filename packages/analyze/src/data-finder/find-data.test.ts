import type { Query } from '@timeskein/query'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStore, type TestStore } from '../testing/open-test-store.ts'
import { readThrough } from '../testing/read-through.ts'
import { type DataRule, readDataRule, SHIPPED_RULES } from './data-rule.ts'
import { findData } from './find-data.ts'

const ALL: Query = { kind: 'all' }
let events: TestStore

beforeAll(async () => {
  const login = { data_type: 'windows:evtx:record', event_identifier: 4624, datetime: '2024-02-01T00:00:00Z' }
  events = await openTestStore([
    { ...login, username: 'eve', computer_name: 'PC-1.example' },
    { ...login, username: 'Administrator2' },
    { source_short: 'WEBHIST', url: 'ftp://x', datetime: '2024-02-01T00:00:00Z' },
  ])
})
afterAll(async () => {
  await events[Symbol.asyncDispose]()
})

const find = (rule: DataRule, parameters = {}, range: Query = ALL) =>
  findData(readThrough(events), rule, range, parameters)
const shipped = (name: string) => SHIPPED_RULES.find((rule) => rule.name === name)!

test('any event that answers is enough, or one whose field matches', async () => {
  expect(await find(shipped('windows_login'))).toEqual([true, 'Data discovered'])
  expect(await find(shipped('windows_administrator_login'))).toEqual([
    true,
    'Data discovered using Regular Expression',
  ])
  expect(await find(shipped('browser_history'))).toEqual([false, 'No hits discovered'])
})

test('only in the time that is asked for', async () => {
  const range: Query = { kind: 'range', field: 'datetime', gte: '2024-03-01' }
  expect(await find(shipped('windows_login'), {}, range)).toEqual([false, 'No hits discovered'])
})

test('a parameter is text, not an expression, and must be given', async () => {
  const rule = shipped('windows_event_log_specific_computer')
  expect(await find(rule, { computer_name: 'pc-1.EXAMPLE' })).toContain(true)
  expect(await find(rule, { computer_name: 'pc-1.*' })).toContain(false)
  expect(await find(rule)).toEqual([false, 'Unable to run the data finder, missing information.'])
})

test('a rule says what is missing in it', () => {
  expect(() => readDataRule('x', {})).toThrow('query_string or query_dsl is needed')
  expect(() => readDataRule('x', { query_string: '*', regular_expression: 'a' })).toThrow(
    'attribute is needed',
  )
  expect(readDataRule('x', { query_dsl: { query: { match_all: {} } } }).query).toEqual({ kind: 'all' })
})
