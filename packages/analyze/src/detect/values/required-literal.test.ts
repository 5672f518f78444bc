import { compileSigma } from '@timeskein/query/sigma'
import { describe, expect, it } from 'vitest'
import { readRegexpLiteral } from './required-literal.ts'

describe('readRegexpLiteral', () => {
  it.each<[string, string | undefined]>([
    ['.*Needle[0-9]+', 'needle'],
    ['a(bcd)ef', 'bcd'],
    ['x(abc){1,3}y', 'abc'],
    ['x(abc)*y', 'x'],
    ['(abc){2,1}', undefined],
    ['.*(power|tower)shell.*', 'shell'],
    ['(https?|ftps?):.*', 'tp'],
    ['(one|two)', 'o'],
    ['(one|six)', undefined],
    ['(abcX|Yabc)', 'abc'],
    ['(ab|(ab)?)', undefined],
    ['[a-z]+', undefined],
    ['~(abc)', undefined],
    ['ü+xy', 'xy'],
    ['abüxyz', 'xyz'],
  ])('%s: %s', (pattern, literal) => {
    expect(readRegexpLiteral(pattern)).toBe(literal)
  })

  it('finds what all ways to write an address of IPv6 have', () => {
    const text = `title: t
logsource: {product: windows}
detection: {s: {Ip|cidr: '2603:1006::/40'}, condition: s}`
    const { query } = compileSigma([{ file: 'a.yml', text }]).rules[0]!
    if (query.kind !== 'regexp') throw new Error('an expression expected')
    expect(readRegexpLiteral(query.pattern)).toBe('2603:1006:')
  })
})
