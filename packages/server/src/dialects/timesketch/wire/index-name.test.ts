import { expect, test } from 'vitest'
import { toIndexName } from './index-name.ts'

test("the store's own names stay as they are", () => {
  const name = '4c5afdf60c6e49499801368b7f238353'
  expect(toIndexName(name)).toBe(name)
})

test('any other name always stands for the same index', () => {
  expect(toIndexName('my-index-2024')).toMatch(/^[0-9a-f]{32}$/)
  expect(toIndexName('my-index-2024')).toBe(toIndexName('my-index-2024'))
  expect(toIndexName('my-index-2024')).not.toBe(toIndexName('my-index-2025'))
})
