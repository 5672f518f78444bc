import type { WordQuestion } from '@timeskein/store'
import { describe, expect, it } from 'vitest'
import { SourcePieces } from './source-pieces.ts'

const ask = (pattern: string): WordQuestion => ({
  kind: 'wildcard',
  field: undefined,
  pattern,
  whole: true,
  caseInsensitive: true,
  anyType: true,
})

function listLacking(patterns: readonly (string | WordQuestion)[], sources: readonly string[]): number[][] {
  const questions = patterns.map((one) => (typeof one === 'string' ? ask(one) : one))
  const texts = sources.map((source) => Buffer.from(source))
  const offsets = new Uint32Array(texts.length + 1)
  for (const [at, text] of texts.entries()) offsets[at + 1] = offsets[at]! + text.length
  const block = new SourcePieces(questions.entries()).open({ bytes: Buffer.concat(texts), offsets })
  return texts.map((_, row) => [...questions.keys()].filter((question) => block.lacks(question, row)))
}

describe('SourcePieces', () => {
  it('tells which questions a row cannot answer, in whatever case its letters are', () => {
    const sources = ['{"a":"x Evil y"}', '{"a":"$(jndi:"}', '{}']
    expect(listLacking(['*evil*', '*$(JNDI:*', '*$(#*'], sources)).toEqual([
      [1, 2],
      [0, 2],
      [0, 1, 2],
    ])
  })

  it('looks for text as JSON writes it', () => {
    const sources = [JSON.stringify({ a: 'C:\\Temp\\x "quoted"' }), '{"a":"C:/Temp"}']
    expect(listLacking(['*c:\\\\temp*', '*"quoted"*'], sources)).toEqual([[], [0, 1]])
  })

  it('rules nothing out that may be written as an escape, or becomes ASCII where case is folded', () => {
    const sources = ['{"a":"\\u0028x"}', '{"a":"\\u212Aey"}', '{"a":"\u212Aey"}', '{"a":"\\u0000"}']
    expect(listLacking(['*(){*', '*key*'], sources)).toEqual([[], [], [], [0, 1]])
  })

  it('minds escaped slashes where a piece has a slash', () => {
    expect(listLacking(['*/#{#*', '*(){*'], ['{"a":"\\/#{#"}'])).toEqual([[1]])
  })

  it('tells the same of a row that much is asked of as of one that little is', () => {
    const letters = [...'abcdefghijklmnopqrst']
    const patterns = letters.map((letter) => `*x${letter}y*`)
    const source = `{"a":"${letters.filter((_, at) => at % 3 === 0).map((letter) => `X${letter}Y \u00e4`)}"}`
    const lacking = letters.flatMap((_, at) => (at % 3 === 0 ? [] : [at]))
    expect(listLacking(patterns, [source, '{}'])).toEqual([lacking, [...letters.keys()]])
    for (const at of letters.keys())
      expect(listLacking([patterns[at]!], [source])).toEqual([lacking.includes(at) ? [0] : []])
  })

  it('finds pieces that share signs, wherever in a block they stand', () => {
    const sources = ['{"a":"x }; y"}', '{"a":"() { :; }; y"}', '{"a":"../../etc"}', '{"a":"u00 };"}']
    expect(listLacking(['*() {:;};*', '*() { :; };*', '*../../*', '*/../../..*'], sources)).toEqual([
      [0, 1, 2, 3],
      [0, 2, 3],
      [0, 1, 3],
      [0, 1, 2, 3],
    ])
    expect(listLacking(['*};*', '*x};*'], ['{"a":"};'])).toEqual([[1]])
  })

  it('rules nothing out where no literal is known', () => {
    const expression: WordQuestion = {
      kind: 'regexp',
      field: undefined,
      pattern: '.*(a|b).*',
      caseInsensitive: false,
      anyType: true,
    }
    const known: WordQuestion = { ...expression, pattern: '.*needle[0-9]' }
    expect(listLacking(['*ä*', '***', expression, known], ['{}'])).toEqual([[3]])
  })
})
