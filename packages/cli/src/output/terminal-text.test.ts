import { expect, test } from 'vitest'
import { showControlCodes } from './terminal-text.ts'

test('control codes are shown, not sent', () => {
  expect(showControlCodes('a\u001b[2Jb\u0000c\nd\u009be')).toBe('a\\x1b[2Jb\\x00c\\nd\\x9be')
})

test('marks that reorder what is read are shown', () => {
  expect(showControlCodes('txt\u202eexe')).toBe('txt\\u202eexe')
})

test('other text stays as it is', () => {
  expect(showControlCodes('Größe 日本語 😀')).toBe('Größe 日本語 😀')
})
