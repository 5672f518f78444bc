import { expect, test } from 'vitest'
import { Elements } from '../elements/elements.ts'
import { Sekoia } from '../sekoia/sekoia.ts'
import { ThreatStack } from '../threatstack/v1/threat-stack.ts'
import { withoutSecrets } from './without-secrets.ts'

const SECRET = 'a-secret-of-many-letters'

/** A platform that tells what it was sent with everything that it refuses. */
const refuse: typeof fetch = async (input, init) => {
  const said = new Request(input, init).headers.get('authorization')
  return Response.json({ message: said, error_description: said, detail: said }, { status: 400 })
}

test.each<[string, () => Promise<unknown>]>([
  ['Elements', () => new Elements({ clientId: 'a', clientSecret: SECRET, fetch: refuse }).whoAmI()],
  ['Sekoia.io', () => new Sekoia({ apiKey: SECRET, fetch: refuse }).me()],
  ['Threat Stack', () => new ThreatStack({ apiKey: SECRET, fetch: refuse }).agents.list().first()],
])('an error of %s has no credentials, also where the platform repeats them', async (_, call) => {
  const error = await call().catch((thrown: unknown) => thrown)
  const told = JSON.stringify(error, Object.getOwnPropertyNames(error))
  expect(told).toContain('…')
  expect(told).not.toContain(SECRET)
  expect(told).not.toContain(btoa(`a:${SECRET}`))
})

/** Something else than the platform: it takes all for good, and answers with what it was sent. */
function repeat(write: (said: string) => string, token?: string): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    if (token !== undefined && request.url.endsWith('/as/token.oauth2'))
      return Response.json({ access_token: token, expires_in: 3600 })
    return new Response(write(request.headers.get('authorization') ?? ''))
  }
}

const TEXTS: readonly ((said: string) => string)[] = [
  (said) => `key ${said} of ${said}`,
  (said) => JSON.stringify({ said }),
]

test.each(TEXTS)(
  'an answer that is none of the platform is told without the credentials that it repeats',
  async (write) => {
    const keyed = { apiKey: SECRET, fetch: repeat(write) }
    const signed = { clientId: 'a', clientSecret: SECRET }
    const calls: readonly (() => Promise<unknown>)[] = [
      () => new Sekoia(keyed).validate(),
      () => new Sekoia(keyed).search('*').first(),
      () => new ThreatStack(keyed).agents.list().first(),
      () => new Elements({ ...signed, fetch: repeat(write) }).whoAmI(),
      () => new Elements({ ...signed, fetch: repeat(write, SECRET) }).devices.list().first(),
    ]
    for (const call of calls) {
      const error = await call().catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ name: 'AnswerError' })
      const told = JSON.stringify(error, [...Object.getOwnPropertyNames(error), 'cause'])
      expect(told).toContain('…')
      expect(told).not.toContain(SECRET.slice(0, 12))
      expect(told).not.toContain(btoa(`a:${SECRET}`).slice(0, 12))
    }
  },
)

test('a token that comes without its end is told by its name only', async () => {
  const client = new Elements({
    clientId: 'a',
    clientSecret: 'another-secret',
    fetch: async () => Response.json({ access_token: SECRET, token_type: 'bearer' }),
  })
  const error = await client.whoAmI().catch((thrown: unknown) => thrown)
  expect(String(error)).toContain('expected a token, found "{\\"access_token\\":\\"…\\"')
})

test('what is no credential stays, and so does what the answer is', async () => {
  const answer = new Response('{"id":"5c0ffee0123456789abcdef0"}', {
    status: 403,
    headers: { 'x-transaction': 't' },
  })
  const told = await withoutSecrets(answer, {
    authorization: 'Hawk id="5c0ffee0123456789abcdef0", mac="x"',
    cookie: 'session=some; other=a-cookie-of-many-letters',
  })
  expect([told.status, told.headers.get('x-transaction'), await told.text()]).toEqual([
    403,
    't',
    '{"id":"5c0ffee0123456789abcdef0"}',
  ])
  const cookies = await withoutSecrets(new Response('a-cookie-of-many-letters', { status: 400 }), {
    cookie: 'session=some; other=a-cookie-of-many-letters',
  })
  expect(await cookies.text()).toBe('…')
  expect((await withoutSecrets(new Response(null, { status: 304 }), {})).status).toBe(304)
})
