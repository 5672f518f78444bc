import { expect, test } from 'vitest'
import { bold, concat, lines, prose } from './prose.ts'

const EVIL = '\u001b]0;pwned\u0007\u001b[2J\u009b31m\r\u202e'
const SHOWN = '\\x1b]0;pwned\\x07\\x1b[2J\\x9b31m\\r\\u202e'

test('values of a template are shown, its own codes are sent', () => {
  expect(prose`\r\u001b[2K${EVIL} ${7}`.text).toBe(`\r\u001b[2K${SHOWN} 7`)
})

test('prose within prose stays as it is', () => {
  expect(prose`${bold(EVIL)}\n`.text).toBe(`\u001b[1m${SHOWN}\u001b[22m\n`)
  expect(concat(prose`a\n`, lines(['b\nc', prose`d`])).text).toBe('a\nb\\nc\nd\n')
})

test('nothing is no line', () => {
  expect(lines([]).text).toBe('')
})
