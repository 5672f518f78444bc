import { expect, test } from 'vitest'
import { NonceMemory } from './nonce-memory.ts'

test('a nonce is good once, as long as it is remembered', () => {
  let now = 1000
  const memory = new NonceMemory(() => now, 500)
  const take = (nonce: string): boolean => memory.take('ana', nonce)
  expect([take('a'), take('b'), take('a')]).toEqual([true, true, false])
  now = 1500
  expect(take('a')).toBe(false)
  now = 1501
  expect([take('a'), take('a')]).toEqual([true, false])
})

test('whoever has used up what is kept of one leaves the others theirs, and has it again in time', () => {
  let now = 1000
  const memory = new NonceMemory(() => now, 500, 2)
  const take = (owner: string, nonce: string): boolean => memory.take(owner, nonce)
  expect([take('ana', 'a'), take('ana', 'b'), take('ana', 'c')]).toEqual([true, true, false])
  expect(take('bob', 'd')).toBe(true)
  now = 1501
  expect([take('ana', 'c'), take('ana', 'e'), take('ana', 'f')]).toEqual([true, true, false])
})
