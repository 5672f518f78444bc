import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineCache } from './line-cache.ts'

// One for all: what a column leaves behind must not show in the next one.
const cache = new LineCache()

/** The number that the cache gives each line of a text, and what a map would give. */
function number(text: Uint8Array): { found: [number, number][]; expected: [number, number][] } {
  const known = new Map<string, number>()
  const found: [number, number][] = []
  const expected: [number, number][] = []
  cache.start(text)
  for (let start = 0; start < text.length; start = cache.lineEnd + 1) {
    const feed = text.indexOf(0x0a, start)
    const end = feed < 0 ? text.length : feed
    const key = text.subarray(start, end).join()
    if (!known.has(key)) known.set(key, known.size)
    found.push([cache.find(start, text.length), cache.lineEnd])
    expected.push([known.get(key)!, end])
  }
  return { found, expected }
}

test('equal lines have equal numbers, others the next', () => {
  const line = fc.constantFrom(
    '',
    'a',
    'Logon ID: 0x3e7',
    'Logon ID: 0x3e8',
    'a line of more than sixteen bytes',
    'é',
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
      const { found, expected } = number(new TextEncoder().encode(lines.join('\n')))
      expect(found).toEqual(expected)
    }),
  )
})

test('bytes that make no double, or one of the two zeros, are told apart like all others', () => {
  // As doubles: a number that is not equal to itself, zero and negative zero.
  const octet = fc.constantFrom([0xff, 0xff], [0xf0, 0x7f], [0, 0], [0, 0x80])
  const line = octet.chain(([low, high]) =>
    fc.constantFrom(0, 1).map((first) => [first, 0, 0, 0, 0, 0, low!, high!]),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
      const { found, expected } = number(Uint8Array.from(lines.flatMap((bytes) => [...bytes, 0x0a])))
      expect(found).toEqual(expected)
    }),
  )
})
