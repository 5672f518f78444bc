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

it('finds in bytes what it finds in texts, also where there are more states than a table has rows', () => {
  const random = prand(7)
  const words = Array.from({ length: 40_000 }, () => makeWord(random))
  const literals = [...new Set(words)].filter((word) => word.length > 3)
  const automaton = new LiteralAutomaton()
  for (const [number, literal] of literals.entries()) automaton.add(literal, number)
  automaton.finish()
  expect(automaton.stateCount).toBeGreaterThan(200_000)
  for (let time = 0; time < 2000; time++) {
    const cut = Array.from({ length: 3 }, () => words[random(words.length)]!.slice(random(4)))
    const text = `${cut.join('')}-${cut[0]!.replace(/[a-m]/g, (letter) => letter.toUpperCase())}`
    const wanted: number[] = []
    const folded = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    automaton.find(folded, (number) => wanted.push(number))
    const found: number[] = []
    automaton.findBytes(Buffer.from(text, 'latin1'), 0, text.length, (number) => found.push(number))
    expect(found).toEqual(wanted)
    const inTokens: number[] = []
    automaton.findInTokens(Buffer.from(`${text}\0`, 'latin1'), 0, text.length + 1, {
      separator: 0,
      found: (number) => inTokens.push(number),
      longBytes: Number.POSITIVE_INFINITY,
      foundLong: () => {},
    })
    expect(inTokens).toEqual(wanted)
  }
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

/** Whole numbers from 0 up to a bound, the same in each run. */
function prand(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
}

/** A word of latin letters, some of which are beyond ASCII. */
function makeWord(random: (bound: number) => number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz\xe4\xff'
  return Array.from({ length: 2 + random(12) }, () => letters[random(letters.length)]!).join('')
}
