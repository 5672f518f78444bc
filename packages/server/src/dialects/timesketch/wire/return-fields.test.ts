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

test('more fields than a request may name are refused', () => {
  const fields = Array.from({ length: 10_001 }, (_, number) => `f${number}`)
  expect(() => readReturnFields({ fields: fields.join() }, {})).toThrowError(
    'At most 10000 fields of an event can be asked for, found 10001.',
  )
  expect(readReturnFields({ fields: fields.slice(1).join() }, {})).toHaveLength(10_000)
})

test('a list is gone through once for a name, however many events ask', () => {
  let looks = 0
  const fields = new Proxy(['message', 'user'], {
    get: (list, key, receiver) => {
      looks += Number(key === 'some')
      return Reflect.get(list, key, receiver)
    },
  })
  for (let event = 0; event < 100; event++) expect(wants(fields, 'comment')).toBe(false)
  expect(looks).toBe(1)
})
