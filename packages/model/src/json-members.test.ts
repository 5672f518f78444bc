import { expect, test } from 'vitest'
import { joinMembers, listMembers, splitElements, splitMembers } from './json-members.ts'

test('members come as the text they stand as', () => {
  const text =
    ' {"a": 1.0, "b":"x\\"},{", "c" : {"d":[1,{"e":"}"}]},"__proto__":null,"big":123456789012345678901 } '
  expect([...splitMembers(text)]).toEqual([
    ['a', '1.0'],
    ['b', '"x\\"},{"'],
    ['c', '{"d":[1,{"e":"}"}]}'],
    ['__proto__', 'null'],
    ['big', '123456789012345678901'],
  ])
  expect(splitMembers('{}').size).toBe(0)
  const wanted = new Set(['big', '__proto__', 'a', 'z'])
  expect([...splitMembers(text, wanted)]).toEqual(
    [...splitMembers(text)].filter(([name]) => wanted.has(name)),
  )
})

test('of a name that stands twice the last value counts, and all of them are listed', () => {
  const text = '{"a":1,"b":2,"a":[3]}'
  expect([...splitMembers(text)]).toEqual([
    ['a', '[3]'],
    ['b', '2'],
  ])
  expect(listMembers(text)).toEqual([
    ['a', '1'],
    ['b', '2'],
    ['a', '[3]'],
  ])
  expect(joinMembers(listMembers(text))).toBe(text)
})

test('elements come as the text they stand as', () => {
  expect(splitElements('[ {"a":"]"} ,1e3,[2,[3]] , "x\\\\"]')).toEqual([
    '{"a":"]"}',
    '1e3',
    '[2,[3]]',
    '"x\\\\"',
  ])
  expect(splitElements('[]')).toEqual([])
})

test('what is joined can be split', () => {
  const members: [string, string][] = [
    ['a"b', '1'],
    ['', '{"c":[]}'],
  ]
  expect([...splitMembers(joinMembers(members))]).toEqual(members)
})

test.each(['', '[', '{"a"}', '{"a":1', '{"a":1 "b":2}', '[1'])('%j is refused', (text) => {
  expect(() => splitMembers(text)).toThrow(SyntaxError)
  expect(() => splitElements(text)).toThrow(SyntaxError)
})
