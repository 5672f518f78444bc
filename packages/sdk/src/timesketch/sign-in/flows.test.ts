import { afterEach, expect, test, vi } from 'vitest'
import { makeFakeServer } from '../testing/fake-server.ts'
import { startDeviceFlow } from './device-flow.ts'
import { startInstalledAppFlow } from './installed-app-flow.ts'

const CLIENT = {
  clientId: 'client',
  clientSecret: 'secret',
  authorizationUrl: 'http://oauth.test/auth',
  tokenUrl: 'http://oauth.test/token',
  deviceUrl: 'http://oauth.test/device',
}
const TOKENS = {
  access_token: 'a',
  refresh_token: 'r',
  id_token: 'i',
  expires_in: 3600,
  scope: 'openid email',
}

afterEach(() => {
  vi.useRealTimers()
})

test('the installed app proves that it asked: the verifier belongs to the challenge', async () => {
  const server = makeFakeServer({ 'POST /token': () => TOKENS })
  const flow = await startInstalledAppFlow({ ...CLIENT, fetch: server.fetch }, 'http://localhost:8080/')
  const asked = new URL(flow.authorizationUrl).searchParams
  expect(asked.get('code_challenge_method')).toBe('S256')
  const tokens = await flow.finish(`http://localhost:8080/?code=c1&state=${asked.get('state')}`)
  expect(tokens).toMatchObject({
    accessToken: 'a',
    refreshToken: 'r',
    idToken: 'i',
    scopes: ['openid', 'email'],
  })
  const sent = new URLSearchParams(server.seen[0]?.body)
  expect([sent.get('code'), sent.get('redirect_uri')]).toEqual(['c1', 'http://localhost:8080/'])
  const verifier = new TextEncoder().encode(sent.get('code_verifier') ?? '')
  const challenge = Buffer.from(await crypto.subtle.digest('SHA-256', verifier)).toString('base64url')
  expect(challenge).toBe(asked.get('code_challenge'))
})

test('an answer to another question, and a refusal, end the flow', async () => {
  const flow = await startInstalledAppFlow(CLIENT)
  await expect(flow.finish('http://localhost/?code=c&state=other')).rejects.toThrow('its state differs')
  await expect(flow.finish('http://localhost/?error=access_denied')).rejects.toThrow('access_denied')
})

test('the device flow asks until the person has agreed, and slower when it is told to', async () => {
  vi.useFakeTimers()
  const answers = [{ error: 'authorization_pending' }, { error: 'slow_down' }, TOKENS]
  const times: number[] = []
  const server = makeFakeServer({
    'POST /device': () => ({
      device_code: 'd',
      user_code: 'AB-CD',
      verification_url: 'http://go.test/',
      interval: 2,
    }),
    'POST /token': () => {
      times.push(Date.now())
      return answers.shift()
    },
  })
  const flow = await startDeviceFlow({ ...CLIENT, fetch: server.fetch })
  expect([flow.userCode, flow.verificationUrl]).toEqual(['AB-CD', 'http://go.test/'])
  const start = Date.now()
  const tokens = flow.finish()
  await vi.advanceTimersByTimeAsync(60_000)
  expect((await tokens).accessToken).toBe('a')
  expect(times.map((time) => time - start)).toEqual([2000, 4000, 11_000])
})

test('a person who refuses ends the device flow', async () => {
  vi.useFakeTimers()
  const server = makeFakeServer({
    'POST /device': () => ({ device_code: 'd', user_code: 'u', verification_uri: 'http://go.test/' }),
    'POST /token': () => ({ error: 'access_denied' }),
  })
  const flow = await startDeviceFlow({ ...CLIENT, fetch: server.fetch })
  const refused = expect(flow.finish()).rejects.toMatchObject({ name: 'SignInError' })
  await vi.advanceTimersByTimeAsync(5000)
  await refused
})
