import { describe, expect, it } from 'vitest'
import { integerSql, readNumber, readNumberRange, realSql, singleNumber, testNumber } from './number-test.ts'

describe('numbers', () => {
  it.each<[string, bigint | number | undefined]>([
    ['5', 5n],
    ['-5', -5n],
    ['+007', 7n],
    ['9223372036854775807', 9_223_372_036_854_775_807n],
    ['1e3', 1000n],
    ['0.25', 0.25],
    [' 3.0 ', 3n],
    ['1e999', undefined],
    ['0x10', undefined],
    ['', undefined],
    ['five', undefined],
    ['9'.repeat(401), undefined],
  ])('%j is read as %s', (text, expected) => {
    expect(readNumber(text)).toBe(expected)
  })

  it('a range with an end that is no number holds none', () => {
    expect(readNumberRange({ kind: 'range', field: 'n', gte: '1', lt: 'x' })).toBeUndefined()
    expect(readNumberRange({ kind: 'range', field: 'n', gte: '1', lt: 2 })).toEqual({ gte: 1n, lt: 2n })
  })

  it('are compared by value, whatever their size', () => {
    expect(testNumber({ gt: 9_007_199_254_740_992n }, 9_007_199_254_740_993n)).toBe(true)
    expect(testNumber({ gte: 2.5, lt: 3n }, 2.5)).toBe(true)
    expect(testNumber({ gte: 2.5, lt: 3n }, 3n)).toBe(false)
    expect(singleNumber({ gte: 4n, lte: 4n })).toBe(4n)
    expect(singleNumber({ gte: 4n })).toBeUndefined()
  })

  it('become conditions on integers and doubles', () => {
    expect(integerSql({ gt: 1.5, lt: 4n }, 'c')).toBe('c BETWEEN 2 AND 3')
    expect(integerSql({ gte: 2.5, lte: 2.6 }, 'c')).toBe('FALSE')
    expect(integerSql({ gt: 10n ** 30n }, 'c')).toBe('FALSE')
    expect(integerSql({ gte: 7n, lte: 7n }, 'c')).toBe('c = 7')
    expect(realSql({ gte: 10n ** 400n }, 'c')).toBe("c >= 'infinity'::DOUBLE")
    expect(realSql({ gt: 0.5 }, 'c')).toBe('c > 0.5::DOUBLE')
  })
})
