import { describe, expect, it } from 'vitest'
import type { TextTest } from './field-test.ts'
import { compileRawTest } from './raw-source-test.ts'
import { someValue, someValueAt } from './source-values.ts'
import { compileTextTest } from './test-value.ts'

function phrase(...tokens: string[]): TextTest {
  return { kind: 'phrase', text: tokens.join(' '), tokens, slop: 0, prefix: false }
}

function contains(text: string): TextTest {
  const pattern = `*${text.replaceAll(/[\\*?]/g, '\\$&')}*`
  return {
    kind: 'whole',
    matcher: { kind: 'pattern', pattern, ignoreCase: true },
    maxUnits: Number.POSITIVE_INFINITY,
  }
}

describe('compileRawTest', () => {
  it.each<[string, string, boolean | undefined]>([
    ['a phrase as it stands', '{"m":"The Quick brown fox"}', true],
    ['a phrase over a line break', '{"m":"quick\\r\\nbrown"}', true],
    ['words apart', '{"m":"quick red brown"}', false],
    ['words of two values', '{"m":"quick","o":"brown"}', false],
    ['words that go on', '{"m":"quick brown.fox"}', undefined],
    ['a word that has begun before', '{"m":"x\\\\nquick brown"}', undefined],
    ['other signs between', '{"m":"quick-brown"}', undefined],
    ['a letter as escape', '{"m":"quic\\u006b x"}', undefined],
    ['a key', '{"quick brown":"m"}', undefined],
  ])('%s', (_, source, expected) => {
    expect(compileRawTest(phrase('quick', 'brown'), undefined)!(source)).toBe(expected)
  })

  it('looks at the value of the field only, where there is one key of that name', () => {
    const test = compileRawTest(phrase('quick', 'brown'), 'a.m')!
    expect(test('{"a":{"m":"quick brown"},"o":"x"}')).toBe(true)
    expect(test('{"o":"quick brown","a":{"m":"brown quick"}}')).toBe(false)
    expect(test('{"m":"quick brown","a":{"m":"x"}}')).toBeUndefined()
    expect(test('{"a":{"m":["quick brown"]}}')).toBeUndefined()
  })

  it.each<[string, string, boolean | undefined]>([
    ['a piece in any case', '{"m":"in C:\\\\TEMP\\\\x"}', true],
    ['no piece', '{"m":"in D:\\\\TEMP"}', false],
    ['a piece of a key', '{"c:\\\\temp":1}', undefined],
    ['a letter as escape', '{"m":"\\u0063:\\\\temp"}', undefined],
    ['no text', '{"m":"x","o":[true, "c:"]}', false],
  ])('contains: %s', (_, source, expected) => {
    expect(compileRawTest(contains('c:\\temp'), undefined)!(source)).toBe(expected)
  })

  it('says nothing that parsing would not say', () => {
    const pieces = [
      'quick',
      'Brown',
      ' ',
      '\n',
      '\\',
      '\\n',
      '"',
      '.',
      ':',
      ',',
      '-',
      "'",
      '(',
      ')',
      'x',
      '5',
      'é',
      'K',
      '/',
    ]
    let seed = 7
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 1
      return seed % below
    }
    const text = (): string =>
      Array.from({ length: 1 + random(7) }, () => pieces[random(pieces.length)]).join('')
    const tests = [
      phrase('quick', 'brown'),
      phrase('x', '5'),
      phrase('brown', 'x'),
      contains('quick.'),
      contains('\\n'),
      contains('"x'),
    ]
    let certain = 0
    for (let round = 0; round < 20_000; round++) {
      const event = {
        m: text(),
        t: random(2) === 0,
        [text()]: text(),
        o: { m2: random(2) === 0 ? text() : [text(), text()] },
      }
      const source = JSON.stringify(event)
      const test = tests[round % tests.length]!
      const passes = compileTextTest(test)
      const isText = (value: unknown): boolean => typeof value === 'string' && passes(value)
      const anywhere = compileRawTest(test, undefined)?.(source)
      if (anywhere !== undefined) {
        certain++
        expect([source, anywhere]).toEqual([source, someValue(event, new Set(), isText)])
      }
      const inField = compileRawTest(test, 'm')?.(source)
      if (inField !== undefined) expect([source, inField]).toEqual([source, someValueAt(event, 'm', isText)])
    }
    expect(certain).toBeGreaterThan(10_000)
  })
})
