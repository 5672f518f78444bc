import { getPlatformKind } from '@timeskein/ingest/platforms'
import { expect, test } from 'vitest'
import { hashItem, toItemText } from './item-text.ts'

const device = getPlatformKind('elements-device')

test('integers of any length keep their digits in the text', () => {
  const text = '{"id":"d1","size":12345678901234567890,"of":{"small":1}}'
  const read = toItemText({ id: 'd1', size: 12345678901234567890n, of: { small: 1 } })!
  expect(read.json).toBe(text)
  expect(read.record).toEqual(JSON.parse(text))
})

test.each([null, 'text', 7, [{ id: 'd1' }], undefined])('%j is no item', (item) => {
  expect(toItemText(item)).toBe(undefined)
})

test('members in another order, and those that move all the time, make no other item', () => {
  const hash = hashItem(device, { id: 'd1', os: { name: 'a', version: 'b' }, malwareDbVersion: '1' })
  expect(hashItem(device, { malwareDbVersion: '2', os: { version: 'b', name: 'a' }, id: 'd1' })).toBe(hash)
  expect(hashItem(device, { id: 'd1', os: { name: 'a', version: 'c' } })).not.toBe(hash)
  expect(hashItem(device, { id: 'd1', os: ['a', 'b'] })).not.toBe(
    hashItem(device, { id: 'd1', os: ['b', 'a'] }),
  )
})

test('an item is told from its other versions as it was when it was first kept', () => {
  const record = JSON.parse(
    '{"name":"WS-1","id":"d1","malwareDbVersion":"7","os":{"version":"10","name":"Windows","10":1,"9":[{"b":1,"a":null},"x"]},"__proto__":{"z":1},"é":"\\ud800"}',
  ) as Record<string, unknown>
  expect(hashItem(device, record)).toBe('qqtK3R3kVZIsKaon-13ysJ')
})
