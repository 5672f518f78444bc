import { expect, test } from 'vitest'
import { shortenText } from './shorten-text.ts'

test('a long text is cut between characters and says so', () => {
  expect(shortenText('12345', 5)).toBe('12345')
  expect(shortenText('123456', 5)).toBe('1234…')
  expect(shortenText('123😀56', 5)).toBe('123…')
})
