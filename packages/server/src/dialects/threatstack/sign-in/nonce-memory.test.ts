import { expect, test } from 'vitest'
import { NonceMemory } from './nonce-memory.ts'

test('a nonce is good once, as long as it is remembered', () => {
  let now = 1000
  const memory = new NonceMemory(() => now, 500)
  expect([memory.take('a'), memory.take('b'), memory.take('a')]).toEqual([true, true, false])
  now = 1500
  expect(memory.take('a')).toBe(false)
  now = 1501
  expect([memory.take('a'), memory.take('a')]).toEqual([true, false])
})
