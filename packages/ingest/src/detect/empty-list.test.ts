import { expect, test } from 'vitest'
import { readLog } from '../logs/testing/read-log.ts'

test.each([
  '[]',
  ' [\n]\n',
  '{"items":[]}',
  '{"items": [], "nextAnchor": null}',
  '{"items":[],"total":0,"has_more":false}',
  '{"agents":[],"token":null}',
])('%j is a list without events', async (text) => {
  for (const options of [{}, { map: { time: 'when' } }, { times: 'all' as const }]) {
    const { account, remarks } = await readLog(text, options)
    expect(account).toMatchObject({ read: 0, rejected: 0, format: 'json' })
    expect(remarks).toEqual(['The list is empty: it holds nothing to import.'])
  }
})

test.each([
  ['', 'empty'],
  ['{}', 'expected a field with the time'],
  ['[{}]', 'expected a field with the time'],
  ['[1]', 'expected evidence of a kind that can be read'],
  ['[][]', 'expected a field with the time'],
  ['{"items":[]', 'expected a field with the time'],
  ['{"items":[],"others":[{"a":1}]}', 'expected a field with the time'],
  ['a,b,c\n', 'expected rows'],
])('%j is refused as before', async (text, why) => {
  await expect(readLog(text)).rejects.toThrow(why)
})
