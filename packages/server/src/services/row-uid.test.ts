import { expect, test } from 'vitest'
import { makeRowUid, readRowUid, toShortUid, toUuid } from './row-uid.ts'

test('a row is found again by every form of its id', () => {
  for (const id of [0, 1, 4711, 0xfff_ffff]) {
    const uid = makeRowUid('user', id)
    expect(toUuid(uid)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
    for (const text of [uid, toUuid(uid), toShortUid(uid), uid.toUpperCase()])
      expect(readRowUid('user', text)).toBe(id)
  }
})

test('ids of other kinds, of nothing and of too much are nobody’s', () => {
  for (const text of [
    makeRowUid('api-key', 1),
    '',
    '1',
    'zz',
    makeRowUid('user', 1).replace(/0$/, '1'),
    `${makeRowUid('user', 1)}0`,
  ])
    expect(readRowUid('user', text)).toBeUndefined()
  expect(() => makeRowUid('user', 0x1000_0000)).toThrow(RangeError)
  expect(() => makeRowUid('user', -1)).toThrow(RangeError)
})
