import { describe, expect, it } from 'vitest'
import { someValue, someValueAt } from './source-values.ts'

const event = JSON.parse(
  '{"a":{"b":["x",{"c":5}]},"a.b":"dotted","a.b.c":true,"__proto__":{"d":"hostile"},"n":null}',
)
const valuesAt = (path: string): unknown[] => {
  const values: unknown[] = []
  someValueAt(event, path, (value) => {
    values.push(value)
    return false
  })
  return values
}

describe('values of an event', () => {
  it('are found by dotted paths, dotted names and through arrays', () => {
    expect(valuesAt('a.b').toSorted()).toEqual(['dotted', 'x'])
    expect(valuesAt('a.b.c')).toEqual([true, 5])
    expect(valuesAt('__proto__.d')).toEqual(['hostile'])
    expect(valuesAt('n')).toEqual([])
    expect(valuesAt('toString')).toEqual([])
    expect(valuesAt('a')).toEqual([])
  })

  it('are found anywhere but in fields left out', () => {
    const has = (wanted: unknown, skipped: string[] = []): boolean =>
      someValue(event, new Set(skipped), (value) => value === wanted)
    expect([has(5), has('hostile'), has('none')]).toEqual([true, true, false])
    expect(has(5, ['a'])).toBe(false)
  })
})
