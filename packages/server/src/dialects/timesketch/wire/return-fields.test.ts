import { expect, test } from 'vitest'
import { DEFAULT_FIELDS, readReturnFields, wants } from './return-fields.ts'

test('a text of fields stands alone', () => {
  expect(readReturnFields({ fields: 'datetime, user ,' }, { fields: [{ field: 'host' }] })).toEqual([
    'datetime',
    'user',
  ])
})

test("a filter's fields come with the default ones", () => {
  expect(readReturnFields({ fields: '' }, { fields: [{ field: 'host', type: 'text' }] })).toEqual([
    'host',
    ...DEFAULT_FIELDS,
  ])
})

test('stars stand for any characters, in linear time', () => {
  expect(wants(['*'], 'anything')).toBe(true)
  expect(wants(['a*c'], 'abc')).toBe(true)
  expect(wants(['a*b*c'], 'aXbYc')).toBe(true)
  expect(wants(['ab*bc'], 'abc')).toBe(false)
  expect(wants([`${'*a'.repeat(200)}*`], 'a'.repeat(5000))).toBe(true)
})
