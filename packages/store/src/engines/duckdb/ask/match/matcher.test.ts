import { describe, expect, it } from 'vitest'
import { matcherSql, textAfterPrefix } from './matcher.ts'
import { compareCodePoints, compileMatcher } from './test-value.ts'

describe('patterns', () => {
  it('become conditions with parameters, never text in SQL', () => {
    const hostile = "x' OR 1=1 --"
    for (const pattern of [hostile, `${hostile}*`, `*${hostile}`, `*${hostile}*`, `${hostile}?*a`]) {
      const { sql, parameters } = matcherSql({ kind: 'pattern', pattern, ignoreCase: true }, 'c', false)
      expect(sql).not.toContain(hostile)
      expect(parameters.join()).toContain('OR 1=1'.toLowerCase())
      expect(sql.split('?').length - 1).toBe(parameters.length)
    }
  })

  it('keep the signs of LIKE as characters', () => {
    const { sql, parameters } = matcherSql(
      { kind: 'pattern', pattern: '50%_?!*', ignoreCase: false },
      'c',
      false,
    )
    expect(sql).toContain("LIKE ? ESCAPE '!'")
    expect(parameters.at(-1)).toBe('50!%!__!!%')
  })
})

describe('textAfterPrefix', () => {
  it.each([
    ['ab', 'ac'],
    ['a\u{10ffff}', 'b'],
    ['\u{d7ff}', '\u{e000}'],
    ['\u{ffff}', '\u{10000}'],
  ])('%j is followed by %j', (prefix, next) => {
    expect(textAfterPrefix(prefix)).toBe(next)
    expect(compareCodePoints(prefix, next)).toBeLessThan(0)
  })

  it('nothing comes after the last character', () => {
    expect(textAfterPrefix('\u{10ffff}')).toBeUndefined()
  })
})

describe('compileMatcher', () => {
  it('compares ranges by code points', () => {
    const inRange = compileMatcher({ kind: 'range', gt: '\uffff', lte: '\u{1f600}' })
    expect(['\ue000', '\uffff', '\u{10000}', '\u{1f600}', '\u{1f601}'].map(inRange)).toEqual([
      false,
      false,
      true,
      true,
      false,
    ])
  })

  it('ignores case where it is told to', () => {
    expect(compileMatcher({ kind: 'equal', text: 'Grün', ignoreCase: true })('GRÜN')).toBe(true)
    expect(compileMatcher({ kind: 'equal', text: 'Grün', ignoreCase: false })('GRÜN')).toBe(false)
  })
})
