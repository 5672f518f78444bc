import { expect, test } from 'vitest'
import { readCsrfToken } from './csrf-token.ts'

test.each([
  ['<input id="csrf_token" name="csrf_token" type="hidden" value="abc.def">', 'abc.def'],
  ["<input value='x1' type=hidden id=csrf_token>", 'x1'],
  ['<meta name="csrf-token" content="m1"><p>', 'm1'],
  ['<meta content="m2" name=csrf-token>', 'm2'],
  ['<meta name="csrf-token" content="meta"><input id="csrf_token" value="input">', 'input'],
  ['<meta name="csrf-token" content="meta"><input id="csrf_token" value="">', 'meta'],
  ['<p>no token here</p>', undefined],
])('%s', (html, token) => {
  expect(readCsrfToken(html)).toBe(token)
})
