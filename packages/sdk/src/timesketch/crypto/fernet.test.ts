import { expect, test } from 'vitest'
import { fromBase64Url } from './base64-url.ts'
import { decryptFernet, encryptFernet } from './fernet.ts'

// The vector of the specification (generate.json).
const KEY = fromBase64Url('cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=')
const TOKEN =
  'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA=='

test('the token of the specification is read', async () => {
  expect(new TextDecoder().decode(await decryptFernet(KEY, TOKEN))).toBe('hello')
})

test('what is written is read, and no other key reads it', async () => {
  const data = new TextEncoder().encode('a password: ü')
  const token = await encryptFernet(KEY, data)
  expect(await decryptFernet(KEY, token)).toEqual(data)
  const other = new Uint8Array(KEY)
  other[0] = (other[0] ?? 0) ^ 1
  expect(await decryptFernet(other, token)).toBeUndefined()
})

test.each(['', 'not base64!', TOKEN.slice(0, 40), TOKEN.replace('g', 'h'), TOKEN.replace('_e', '_f')])(
  'a token that is broken is not one: %s',
  async (token) => {
    expect(await decryptFernet(KEY, token)).toBeUndefined()
  },
)
