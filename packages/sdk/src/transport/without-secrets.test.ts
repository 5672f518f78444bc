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
