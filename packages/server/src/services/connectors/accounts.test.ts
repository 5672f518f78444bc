import { expect, test } from 'vitest'
import { isKnownAccount, isSameAccount, joinAccounts } from './accounts.ts'

test.each([
  ['a', 'a', true],
  ['a', 'b', false],
  ['a b', 'b c', true],
  ['a b', 'c', false],
  ['', '', false],
  ['', 'a', false],
  ['https://api.sekoia.io', 'https://api.sekoia.io', false],
])('whether the accounts "%s" and "%s" are the same: %s', (one, other, isSame) => {
  expect(isSameAccount(one, other)).toBe(isSame)
  expect(isSameAccount(other, one)).toBe(isSame)
})

test('an address is no account', () => {
  expect(['a b', '', 'http://127.0.0.1:5000'].map(isKnownAccount)).toEqual([true, false, false])
})

test('accounts that are joined have the organizations of both, once', () => {
  expect(joinAccounts('c a', 'b a')).toBe('a b c')
  expect(joinAccounts('https://api.sekoia.io', 'a')).toBe('a')
  expect(joinAccounts('', '')).toBe('')
})
