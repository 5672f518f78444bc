import { describe, expect, it } from 'vitest'
import { RowTexts } from './row-texts.ts'

function open(source: string): RowTexts {
  const [before, bytes] = [Buffer.from('{"field":"of the row before"}'), Buffer.from(source)]
  const all = Buffer.concat([before, bytes, before])
  return new RowTexts(
    { bytes: all, offsets: Uint32Array.of(0, before.length, before.length + bytes.length) },
    1,
  )
}

describe('RowTexts', () => {
  it.each([
    ['{"a":1,"field":"text","b":"other"}', 'text'],
    ['{ "field" :\t"sp\\u00e4t \\"quoted\\" \\\\" }', 'spät "quoted" \\'],
    ['{"field":"\\\\\\"","b":""}', '\\"'],
    ['{"note":"a \\"field\\":\\"no\\" inside","field":"it"}', 'it'],
    ['{"field":"\\u0027\\u003c"}', "'<"],
    ['{"field":"\\u001bText","b":"\\u0000"}', '\u001bText'],
  ])('reads the only text of a field from %s', (source, expected) => {
    expect(open(source).textOf('field')).toBe(expected)
    expect(open(source).foldedTextOf('field')).toBe(expected.toLowerCase())
    expect(open(source).event).toEqual(JSON.parse(source))
  })

  it.each([
    ['{"field":["one","two"]}', 'several values'],
    ['{"field":5}', 'a number'],
    ['{"o":{"field":"x"},"field":"y"}', 'the name twice'],
    ['{"field":"x","f\\u0069eld":"y"}', 'a name with an escape'],
    ['{"a":"\\u001b\\u0009","field":"x","f\\u0069eld":"y"}', 'one behind escapes of control characters'],
    ['{"value":"field"}', 'the name as a value'],
    ['{"other":"x"}', 'no such name'],
  ])('leaves %s to the whole event: %s', (source) => {
    expect(open(source).textOf('field')).toBeUndefined()
    expect(open(source).foldedTextOf('field')).toBeUndefined()
  })

  it('leaves names that may be paths, or hold what is escaped, to the whole event', () => {
    expect(open('{"a.b":"x","a":{"b":"y"}}').textOf('a.b')).toBeUndefined()
    expect(open('{"1":"x"}').textOf('1')).toBeUndefined()
  })
})
