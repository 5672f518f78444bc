import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LiteralAutomaton } from './literal-automaton.ts'

const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\u{1f600}', '\ufdd0'), maxLength: 12 })

it('finds the literals that stand in a text, each once', () => {
  fc.assert(
    fc.property(fc.uniqueArray(texts.filter((text) => text !== '')), fc.array(texts), (literals, some) => {
      const automaton = new LiteralAutomaton()
      for (const [number, literal] of literals.entries()) automaton.add(literal, number)
      automaton.finish()
      for (const text of some) {
        const found: number[] = []
        automaton.find(text, (number) => found.push(number))
        const wanted = [...literals.keys()].filter((number) => text.includes(literals[number]!))
        expect(found.sort((a, b) => a - b)).toEqual(wanted)
      }
    }),
  )
})

it('says the number that a literal has already', () => {
  const automaton = new LiteralAutomaton()
  expect(automaton.add('x', 7)).toBe(7)
  expect(automaton.add('x', 8)).toBe(7)
})

it('holds no more states than the literals have letters', () => {
  const automaton = new LiteralAutomaton()
  for (let number = 0; number < 20_000; number++) automaton.add(`literal ${number} of many`, number)
  automaton.finish()
  expect(automaton.stateCount).toBeLessThan(20_000 * 16)
  const found: number[] = []
  automaton.find('a literal 12345 of many', (number) => found.push(number))
  expect(found).toEqual([12_345])
})

it('finds literals in bytes, whatever case the letters of ASCII have there', () => {
  const automaton = new LiteralAutomaton()
  for (const [number, literal] of ['abc', '{bc}', 'Abc'].entries()) automaton.add(literal, number)
  automaton.finish()
  const find = (text: string, start: number): number[] => {
    const bytes = Buffer.from(text)
    const found: number[] = []
    automaton.findBytes(bytes, start, bytes.length, (number) => found.push(number))
    return found
  }
  expect(find('ä {BC} xABC', 0)).toEqual([1, 0])
  expect(find('abc', 1)).toEqual([])
})

it('finds literals in tokens one behind the other, the edges of tokens being letters of their own', () => {
  const automaton = new LiteralAutomaton()
  const edge = '\xff'
  const ae = Buffer.from('ä').toString('latin1')
  for (const [number, literal] of [`${edge}ab`, `b${edge}`, 'a', ae].entries()) automaton.add(literal, number)
  automaton.finish()
  const tokens = ['ab', 'bab', 'ä', 'aa']
  const bytes = Buffer.concat([
    Buffer.from('..'),
    ...tokens.flatMap((one) => [Buffer.from(one), Buffer.of(0xff)]),
  ])
  const found: [number, number][] = []
  const long: string[] = []
  automaton.findInTokens(bytes, 2, bytes.length, {
    separator: 0xff,
    found: (number, token) => found.push([number, token]),
    longBytes: 3,
    foundLong: (token, start, end) => long.push(`${token} ${bytes.toString('utf8', start, end)}`),
  })
  expect(found).toEqual([
    [2, 0],
    [0, 0],
    [1, 0],
    [2, 1],
    [1, 1],
    [3, 2],
    [2, 3],
  ])
  expect(long).toEqual(['1 bab'])
})
