import { expect, test } from 'vitest'
import { listEmojis } from './emojis.ts'

test('there are 26 meanings and 258 flags', () => {
  expect(Object.keys(listEmojis())).toHaveLength(284)
  expect(listEmojis()['&#x1F50E']).toBe('Search related activity')
  expect(listEmojis()['&#x1F1E9&#x1F1EA']).toBe('Germany')
})
