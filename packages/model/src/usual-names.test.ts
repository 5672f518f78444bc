import { expect, it } from 'vitest'
import { splitMembers } from './json-members.ts'
import { UsualNames } from './usual-names.ts'

it('recognises the name that stood in the same place before, and no other', () => {
  const names = new UsualNames()
  names.learn(0, 'user')
  expect(names.recognise(0, '{"user":1}', 1)).toBe('user')
  for (const other of ['{"use":1}', '{"users":1}', '{"\\user":1}', '{"uses":1}', '{"user']) {
    expect(names.recognise(0, other, 1)).toBeUndefined()
  }
  expect(names.recognise(1, '{"user":1}', 1)).toBeUndefined()
})

it('gives every name back as it was written, however many there are', () => {
  const names = new UsualNames()
  for (let i = 0; i < 10_000; i++) expect(names.learn(i % 300, `name-${i}`)).toBe(`name-${i}`)
  expect(names.learn(0, 'x'.repeat(1000))).toBe('x'.repeat(1000))
  expect(names.learn(0, '\ud800é😀')).toBe('\ud800é😀')
})

it('reads objects of changing shapes as if each were the first', () => {
  const texts = [
    '{"a":1,"b":2}',
    '{"b":1,"a":2}',
    '{"a\\"":1,"b":2}',
    '{"a\\u0062":1}',
    '{"":1,"a":2}',
    '{ "a" : 1 , "ab" : 2 }',
    '{"__proto__":1,"a":1,"a":2}',
  ]
  for (const text of [...texts, ...texts.toReversed()]) {
    const wanted = Object.entries(JSON.parse(text.replace('__proto__', 'proto'))).map(([name, value]) => [
      name === 'proto' ? '__proto__' : name,
      JSON.stringify(value),
    ])
    expect([...splitMembers(text)].sort()).toEqual(wanted.sort())
  }
})
