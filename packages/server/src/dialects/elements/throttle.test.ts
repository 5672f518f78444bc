import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type ElementsPlace, openElementsPlace } from './testing/elements-place.ts'

async function limitToOne({ temporary: { directory } }: ElementsPlace): Promise<void> {
  await mkdir(join(directory, 'config'), { recursive: true })
  await writeFile(join(directory, 'config', 'platforms.yaml'), 'elements: {requestsPerMinute: 1}\n')
}

test('who asks too often is told how long to wait, in the platform’s shape', async () => {
  await using place = await openElementsPlace()
  await limitToOne(place)
  expect((await place.ask('/whoami/v1/whoami')).status).toBe(200)
  const refused = await place.ask('/whoami/v1/whoami')
  expect([refused.status, await refused.json()]).toMatchObject([
    429,
    { message: 'Too many requests', code: 429000, transactionId: refused.headers.get('x-transaction') },
  ])
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
})

test('who asks for tokens too often is told so in the words of OAuth', async () => {
  await using place = await openElementsPlace()
  await limitToOne(place)
  const { key } = await place.temporary.system.services.auth.createApiKey(place.ana, {
    name: 'k',
    scopes: ['write'],
  })
  const ask = async (): Promise<Response> =>
    await place.ask('/as/token.oauth2', {
      token: key,
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
  await ask()
  const refused = await ask()
  expect([refused.status, await refused.json()]).toEqual([
    429,
    {
      error: 'temporarily_unavailable',
      error_description: expect.stringContaining('try again in') as string,
    },
  ])
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
})
