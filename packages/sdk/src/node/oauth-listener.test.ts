import { expect, test } from 'vitest'
import { signInWithBrowser } from './oauth-listener.ts'

const CLIENT = {
  clientId: 'client',
  clientSecret: 'secret',
  authorizationUrl: 'http://oauth.test/auth',
  tokenUrl: 'http://oauth.test/token',
}

/** What a browser does once the person has agreed, or not. */
async function answer(authorizationUrl: string, parameters: Record<string, string>): Promise<number> {
  const asked = new URL(authorizationUrl).searchParams
  const back = new URL(asked.get('redirect_uri') ?? '')
  const state = asked.get('state') ?? ''
  for (const [name, value] of Object.entries({ state, ...parameters })) back.searchParams.set(name, value)
  return (await fetch(back)).status
}

test('the browser is sent back to this machine, and its code becomes tokens', async () => {
  const sent: string[] = []
  const tokens = await signInWithBrowser(
    {
      ...CLIENT,
      fetch: async (_url, init) => {
        sent.push(String(init?.body))
        return Response.json({ access_token: 'a', refresh_token: 'r', expires_in: 60 })
      },
    },
    {
      port: 0,
      show: async (url) => {
        const back = new URL(new URL(url).searchParams.get('redirect_uri') ?? '')
        expect((await fetch(new URL('/favicon.ico', back))).status).toBe(404)
        expect(await answer(url, { code: 'c1' })).toBe(200)
      },
    },
  )
  expect(tokens).toMatchObject({ accessToken: 'a', refreshToken: 'r' })
  expect(sent[0]).toContain('code=c1')
})

test('a person who refuses, and a wait that is aborted, end it', async () => {
  const refused = signInWithBrowser(CLIENT, {
    port: 0,
    show: async (url) => void (await answer(url, { error: 'access_denied' })),
  })
  await expect(refused).rejects.toMatchObject({ name: 'SignInError', message: 'OAuth: access_denied' })
  const controller = new AbortController()
  const aborted = signInWithBrowser(CLIENT, {
    port: 0,
    signal: controller.signal,
    show: () => controller.abort(new Error('enough')),
  })
  await expect(aborted).rejects.toThrow('enough')
})
