import fc from 'fast-check'
import { expect, it } from 'vitest'
import { scanMembers } from './scan-members.ts'

function list(body: string): readonly (readonly [string, string])[] {
  const members: [string, string][] = []
  scanMembers(body, (name, written) => members.push([name, written]))
  return members
}

it('finds names and what is written behind them, in quotes or up to a blank', () => {
  expect(list(`arch=c000 comm="a b" 12a[1]=x msg='op=y acct="root"' empty= last=1`)).toEqual([
    ['arch', 'c000'],
    ['comm', '"a b"'],
    ['a[1]', 'x'],
    ['msg', `'op=y acct="root"'`],
    ['empty', ''],
    ['last', '1'],
  ])
})

it('finds what an expression finds', () => {
  const expression = /(?<![\w[\]-])[\d[\]-]*([A-Za-z_][\w[\]-]*)=("[^"]*"|'[^']*'|\S*)/g
  const piece = fc.constantFrom(
    'a',
    'B',
    '_',
    '1',
    '-',
    '[',
    '=',
    'x=',
    '"',
    "'",
    ' ',
    '\t',
    '\u00a0',
    'é',
    ':',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
      const body = pieces.join('')
      expect(list(body)).toEqual([...body.matchAll(expression)].map(([, name, written]) => [name, written]))
    }),
  )
})
