import { describe, expect, it } from 'vitest'
import { compileRegexpTest } from './regexp-test.ts'

describe('compileRegexpTest', () => {
  it('finds the shortest texts that match, and none shorter', () => {
    const shortest: readonly (readonly [pattern: string, text: string])[] = [
      ['.*a{3,}.*', 'aaa'],
      ['(ab|c)+d{2}', 'cdd'],
      ['x@', 'x'],
      ['(abc)?y*', ''],
      ['<10-99>', '10'],
      ['<08-10>', '08'],
      ['.{2}', '\u{1f600}\u{1f600}'],
      ['ab|~(.*)|cde', 'ab'],
    ]
    for (const [pattern, text] of shortest) {
      const { matches } = compileRegexpTest(pattern, false)
      expect([pattern, matches(text)]).toEqual([pattern, true])
      if (text !== '')
        expect([pattern, matches(Array.from(text).slice(0, -1).join(''))]).toEqual([pattern, false])
    }
  })

  it('makes nothing of an automaton for a text that is too short', () => {
    const { matches, automaton } = compileRegexpTest('.*[a-z]{1000,}.*', false)
    expect(matches('a'.repeat(999))).toBe(false)
    expect(automaton!.stateCount).toBe(1)
    expect(matches('a'.repeat(1000))).toBe(true)
  })
})
