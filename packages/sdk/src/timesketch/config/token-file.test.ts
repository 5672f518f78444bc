import { expect, test } from 'vitest'
import {
  decryptTokenFile,
  encryptTokenFile,
  generateCredentialKey,
  type StoredCredentials,
} from './token-file.ts'

const PASSWORD: StoredCredentials = { kind: 'password', username: 'älice', password: 'p w' }
const OAUTH: StoredCredentials = {
  kind: 'oauth',
  tokens: {
    accessToken: 'a',
    refreshToken: 'r',
    idToken: undefined,
    scopes: ['openid'],
    tokenUrl: 'https://tokens.example/',
    clientId: 'id',
    clientSecret: 'secret',
    expiresAt: '2026-01-02T03:04:05.678Z',
  },
}

test.each([PASSWORD, OAUTH])(
  'credentials of kind $kind are read as they were written',
  async (credentials) => {
    const key = generateCredentialKey()
    expect(key).toMatch(/^[\w-]{43}=$/)
    const file = await encryptTokenFile(credentials, key)
    expect(await decryptTokenFile(file, key)).toEqual(credentials)
    expect(await decryptTokenFile(file, generateCredentialKey())).toBeUndefined()
  },
)

test('a file that is none, or was cut off, is not read', async () => {
  const file = await encryptTokenFile(PASSWORD, 'x')
  for (const broken of [new Uint8Array(0), file.slice(0, 10), file.slice(0, 60)])
    expect(await decryptTokenFile(broken, 'x')).toBeUndefined()
})
