import { describe, expect, it } from 'vitest'
import { chooseAnchors, holdsAnchor } from './anchors.ts'

const listTexts = (pieces: readonly string[]): string[][] =>
  chooseAnchors(pieces).map((anchors) => anchors.map(({ text }) => text))

describe('chooseAnchors', () => {
  it('lets pieces share a pair of rare signs, before what each has alone', () => {
    expect(listTexts(['(){:;};', '() { :;};', '${jndi:', '/${#'])).toEqual([
      [';}', '{:;};'],
      [';}', '{ :;};'],
      ['${'],
      ['${', '${#'],
    ])
  })

  it('cuts what a piece has alone at its rarest sign, and searches from there', () => {
    expect(chooseAnchors(['../../..', 'a uid=0,', 'abc'])).toMatchObject([
      [{ text: '/../..', isFromEnd: false }],
      [{ text: '=0,', isFromEnd: false }],
      [],
    ])
    expect(chooseAnchors(['12:00/'])[0]).toMatchObject([{ text: '12:00/', isFromEnd: true }])
  })
})

describe('holdsAnchor', () => {
  it('looks at the sources alone, not at what stands before them', () => {
    const bytes = Buffer.from('};};{"a":1}')
    for (const isFromEnd of [false, true]) {
      const anchor = { bytes: Buffer.from('};'), isFromEnd }
      expect(holdsAnchor({ bytes, offsets: Uint32Array.of(0, 11) }, anchor)).toBe(true)
      expect(holdsAnchor({ bytes, offsets: Uint32Array.of(4, 11) }, anchor)).toBe(false)
    }
  })
})
