import { describe, expect, it } from 'vitest'
import { tokenizeText } from '../../../../text/tokens/standard-tokenizer.ts'
import type { Matcher } from '../match/matcher.ts'
import { compileMatcher } from '../match/test-value.ts'
import { listWordNeeds, phraseNeeds } from './word-needs.ts'

const show = (matcher: Matcher): string[] =>
  listWordNeeds(matcher).map(({ matcher: need }) =>
    need.kind === 'pattern' ? need.pattern : need.kind === 'equal' ? `=${need.text}` : need.kind,
  )

describe('listWordNeeds', () => {
  it.each<[string, string[]]>([
    ['*evil.exe*', ['*evil.exe*']],
    ['C:\\\\Temp\\\\*.exe', ['=c', 'temp', '*exe'].map((need) => (need === 'temp' ? 'temp*' : need))],
    ['*one two three*', ['*one', '=two', 'three*']],
    ['a?b', ['a*', '*b']],
    ['*', []],
    ['*\\\\*', []],
  ])('pattern %s', (pattern, expected) => {
    expect(show({ kind: 'pattern', pattern, ignoreCase: true })).toEqual(expected)
  })

  it.each<[string, string[]]>([
    ['mimi.*', ['mimi*']],
    ['.*kat[sz]', ['*kat*']],
    ['(a|b)c', ['*c']],
    ['whole value', ['=whole', '=value']],
    ['a|b', []],
  ])('expression %s', (pattern, expected) => {
    expect(show({ kind: 'regexp', pattern, ignoreCase: false })).toEqual(expected)
  })

  it('needs all words of an equal value, and the beginning of a phrase’s last word', () => {
    expect(show({ kind: 'equal', text: 'C:\\Temp', ignoreCase: true })).toEqual(['=c', '=temp'])
    expect(phraseNeeds(['a', 'b', 'a'], true).map(({ text }) => text)).toEqual(['a', 'b', 'a'])
  })

  it('never needs a word that a matching value does not have', () => {
    const pieces = ['ab', 'c.d', '.', "'", ' ', '\\', '1', ',', '_', 'é', '日', '-', 'x']
    let seed = 3
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 1
      return seed % below
    }
    const text = (most: number): string =>
      Array.from({ length: random(most) }, () => pieces[random(pieces.length)]).join('')
    for (let round = 0; round < 5000; round++) {
      const [before, inside, between, more, after] = [text(3), text(4), text(3), text(4), text(3)]
      const value = before + inside + between + more + after
      const quote = (part: string): string => part.replaceAll('\\', '\\\\')
      const pattern = `*${quote(inside)}*${quote(more)}*`
      const tokens = tokenizeText(value)
      for (const need of listWordNeeds({ kind: 'pattern', pattern, ignoreCase: true })) {
        const accepts = compileMatcher(need.matcher)
        expect([value, pattern, need.text, tokens.some(accepts)]).toEqual([value, pattern, need.text, true])
      }
    }
  })
})
