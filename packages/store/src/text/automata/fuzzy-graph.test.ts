import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileEditDistance } from './edit-distance.ts'
import { drawFuzzy } from './fuzzy-graph.ts'
import { LazyAutomaton, VERDICTS } from './lazy-automaton.ts'

const letters = fc.constantFrom('a', 'b', 'c', 'd')

describe('the graph of a fuzzy term', () => {
  it('accepts what is within the edit distance, and is unsure beyond ASCII only', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.oneof(letters, fc.constant('é')), maxLength: 9 }),
        fc.array(
          fc.string({ unit: fc.oneof({ weight: 9, arbitrary: letters }, fc.constant('😀')), maxLength: 9 }),
        ),
        fc.constantFrom(1, 2),
        fc.nat(3),
        (term, list, maxEdits, prefixLength) => {
          const prefix = [...term].slice(0, prefixLength).join('')
          const isNear = compileEditDistance(term.slice(prefix.length), maxEdits)
          const automaton = new LazyAutomaton(drawFuzzy(term, maxEdits, prefixLength)!)
          for (const text of [...list, term, ...list.map((one) => prefix + one)]) {
            const verdict = automaton.testText(text)
            if (verdict === VERDICTS.unsure) expect(text).toMatch(/[^\0-\x7f]/)
            else {
              const expected = text.startsWith(prefix) && isNear(text.slice(prefix.length))
              expect(verdict === VERDICTS.accepted, text).toBe(expected)
            }
          }
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('of a term edited at random accepts up to its distance', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: letters, minLength: 1, maxLength: 30 }),
        fc.array(fc.tuple(fc.nat(30), fc.constantFrom('delete', 'insert', 'replace', 'swap'), letters), {
          maxLength: 3,
        }),
        (term, edits) => {
          const text = edits.reduce(
            (list, [place, edit, letter]) => {
              const at = place % (list.length + 1)
              if (edit === 'insert') return list.toSpliced(at, 0, letter)
              if (edit === 'delete') return list.toSpliced(at, 1)
              if (edit === 'replace') return list.toSpliced(at, 1, letter)
              return list.toSpliced(at, 2, ...list.slice(at, at + 2).toReversed())
            },
            [...term],
          )
          const joined = text.join('')
          const automaton = new LazyAutomaton(drawFuzzy(term, 2, 0)!)
          expect(automaton.testText(joined) === VERDICTS.accepted).toBe(compileEditDistance(term, 2)(joined))
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('is not drawn for terms longer than words are', () => {
    expect(drawFuzzy('a'.repeat(255), 2, 0)).toBeDefined()
    expect(drawFuzzy('a'.repeat(30_000), 2, 0)).toBeUndefined()
  })
})
