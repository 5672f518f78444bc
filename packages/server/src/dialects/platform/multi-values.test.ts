import { expect, test } from 'vitest'
import { readMultiValues } from './multi-values.ts'

test('a name has its value, or all of them in their order', () => {
  expect(readMultiValues('a=1&b=2&a=3&a=&c&d=x+y%2B')).toEqual({
    a: ['1', '3', ''],
    b: '2',
    c: '',
    d: 'x y+',
  })
  expect(readMultiValues('')).toEqual({})
})

test('hostile names are names, and there is an end to them', () => {
  const values = readMultiValues('__proto__=x&constructor=y')
  expect(Object.entries(values)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ])
  expect(Object.getPrototypeOf(values)).toBe(Object.prototype)
  expect(() => readMultiValues('a=1&'.repeat(5001))).toThrow('at most 5000 values')
})
