import { expect, test } from 'vitest'
import { EMOJIS } from './emojis.ts'

test('there are 26 meanings and 258 flags', () => {
  expect(Object.keys(EMOJIS)).toHaveLength(284)
  expect(EMOJIS['&#x1F50E']).toBe('Search related activity')
  expect(EMOJIS['&#x1F1E9&#x1F1EA']).toBe('Germany')
})
