import { parseLuceneRegexp } from '@timeskein/query'
import { expect, it } from 'vitest'
import { CharacterGraph, groupCharacters } from './character-graph.ts'
import { drawRegexp } from './regexp-graph.ts'

it('puts those characters of ASCII together that no edge tells apart', () => {
  const groups = groupCharacters(drawRegexp(parseLuceneRegexp('[a-f]+x[e-z0]*'), true)!)
  expect(groups).toHaveLength(128)
  const together = (text: string): string => String.fromCharCode(...groups[text.charCodeAt(0)]!)
  expect(together('a')).toBe('ABCDabcd')
  expect(together('F')).toBe('EFef')
  expect(together('x')).toBe('Xx')
  expect(together('y')).toBe('0GHIJKLMNOPQRSTUVWYZghijklmnopqrstuvwyz')
  expect(groups[0]).toHaveLength(128 - 53)
})

it('tells none apart where there is no edge', () => {
  expect(groupCharacters(new CharacterGraph())[5]).toHaveLength(128)
})
