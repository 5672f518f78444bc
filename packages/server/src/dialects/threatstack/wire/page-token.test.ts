import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { makeToken, type TokenList } from './page-token.ts'

let platform: TestPlatform

beforeAll(async () => {
  platform = await openTestPlatform(true)
})
afterAll(async () => {
  await platform[Symbol.asyncDispose]()
})

test.each([
  ['/alerts?status=active&token=nonsense', 'token'],
  [
    `/alerts?token=${tokenOf('agents')}`,
    'a page of alerts was expected, found that of another list, "agents"',
  ],
  [
    `/agents?token=${tokenOf('alerts')}`,
    'a page of agents was expected, found that of another list, "alerts"',
  ],
  [
    `/alerts?token=${Buffer.from('{"question":{"status":"active"},"after":"1_1"}').toString('base64url')}`,
    'the token of the page before was expected, found something else',
  ],
])('%s is refused', async (path, text) => {
  const reply = await platform.call('GET', path)
  expect([reply.status, reply.json]).toEqual([400, { errors: [expect.stringContaining(text)] }])
})

function tokenOf(list: TokenList): string {
  return makeToken(list, { status: 'online' }, '1_1')
}
