import { expect, test } from 'vitest'
import { openBench, runAnalyzer } from '../../testing/run-analyzer.ts'
import { DEFAULT_SETTINGS } from '../settings.ts'
import { tagger } from './tagger.ts'

const run = (tag_config: object, rows: readonly object[]) =>
  runAnalyzer(tagger, rows, { parameters: { tag: 'rule', tag_config } })

test('a rule tags what its query finds, and keeps the search where it is to', async () => {
  const rule = {
    query_string: 'message:evil',
    tags: ['bad'],
    emojis: ['bomb'],
    save_search: true,
    search_name: 'Evil',
  }
  const { result, marks, searches } = await run(rule, [{ message: 'evil' }, { message: 'good' }])
  expect(result).toBe('1 events tagged for [rule]')
  expect([...marks]).toEqual([[0, { tags: ['bad'], emojis: ['BOMB'] }]])
  expect(searches).toEqual([{ name: 'Evil', queryString: 'message:evil' }])
  expect((await run({ ...rule, query_string: 'message:none' }, [{ message: 'x' }])).searches).toEqual([])
})

test('the values of a field become tags, changed as the rule says', async () => {
  const rule = { query_string: '*', tags: ['yara', '$match'], modifiers: ['split', 'upper'] }
  const { marks } = await run(rule, [
    { message: 'x', match: 'one  two' },
    { message: 'x', match: ['a b', 3] },
    { message: 'x' },
  ])
  expect([...marks.values()].map(({ tags }) => tags)).toEqual([
    ['yara', 'ONE', 'TWO'],
    ['yara', 'A', 'B', '3'],
    ['yara'],
  ])
})

test('an expression must match the field, where the event has it', async () => {
  const rule = {
    query_dsl: { query: { match_all: {} } },
    tags: ['t'],
    regular_expression: '^a',
    re_attribute: 'user',
    save_search: true,
  }
  const { marks, searches } = await run(rule, [
    { message: 'x', user: 'ann' },
    { message: 'x', user: 'bob' },
    { message: 'x' },
  ])
  expect([...marks.keys()]).toEqual([0, 2])
  expect(searches).toEqual([{ name: 'rule', queryDsl: '{"query":{"match_all":{}}}' }])
})

test('every shipped rule runs', async () => {
  await using bench = await openBench([{ message: 'x' }])
  for (const parameters of tagger.listParameters!(DEFAULT_SETTINGS)) {
    const { result } = await bench.run(tagger, { parameters })
    expect(result).toBe(`0 events tagged for [${parameters['tag']}]`)
  }
})

test('a rule that cannot be read fails and says why', async () => {
  await expect(run({ tags: ['x'] }, [])).rejects.toThrow('rule rule: query_string or query_dsl is needed')
  await expect(run({ query_string: '"' }, [])).rejects.toThrow('its query cannot be read')
  await expect(runAnalyzer(tagger, [])).rejects.toThrow('"tag" is needed')
})
