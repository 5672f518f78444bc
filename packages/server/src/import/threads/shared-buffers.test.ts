import { expect, it } from 'vitest'
import { SharedBuffers } from './shared-buffers.ts'

it('gives what came back to the next who asks for as much', () => {
  const buffers = new SharedBuffers(2)
  const one = buffers.take(64)
  expect(buffers.take(64)).not.toBe(one)
  buffers.giveBack(one)
  expect(buffers.take(32)).not.toBe(one)
  expect(buffers.take(64)).toBe(one)
  expect(buffers.take(64)).not.toBe(one)
})

it('keeps the last few of those that nobody has, and none once it is cleared', () => {
  const buffers = new SharedBuffers(2)
  const [first, second, third] = [buffers.take(8), buffers.take(8), buffers.take(8)]
  for (const buffer of [first, second, third]) buffers.giveBack(buffer)
  expect([buffers.take(8), buffers.take(8)]).toEqual([second, third])
  expect([buffers.take(8)]).not.toContain(first)
  buffers.giveBack(first)
  buffers.clear()
  expect(buffers.take(8)).not.toBe(first)
})
