import { expect, test } from 'vitest'
import { makeShortId, readShortId, readUidOrShortId } from './short-id.ts'

const UID = '80ee2ccc11e344169a0b112233445566'

test('a short id leads to the beginning of the uid, in any case', () => {
  const short = makeShortId('AL', UID)
  expect(short).toMatch(/^AL[0-9A-HJKMNP-TV-Z]{10}$/)
  expect(readShortId('AL', short)).toBe(UID.slice(0, 12))
  expect(readShortId('AL', short.toLowerCase())).toBe(UID.slice(0, 12))
  for (const uid of ['0'.repeat(32), 'f'.repeat(32)])
    expect(readShortId('CA', makeShortId('CA', uid))).toBe(uid.slice(0, 12))
})

test.each(['', 'AL', 'CA80EE2CCC11', 'ALUUUUUUUUUU', 'ALZZZZZZZZZZ', 'AL80EE2CCC1'])(
  '%j is no short id',
  (text) => {
    expect(readShortId('AL', text)).toBeUndefined()
  },
)

test('ids of both forms are read, others refused', () => {
  expect(readUidOrShortId('AL', '80ee2ccc-11e3-4416-9a0b-112233445566')).toBe(UID)
  expect(() => readUidOrShortId('AL', '../x')).toThrow('ten letters or digits')
})
