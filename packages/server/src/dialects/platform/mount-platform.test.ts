import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { isDomainError } from '../../errors/domain-error.ts'
import { createApp, type ServerApp } from '../../http/create-app.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import { mountPlatform } from './mount-platform.ts'
import { platformRoute } from './platform-route.ts'
import { findReplyProblem, type OpenApiDocument } from './testing/check-reply.ts'

const refusalSchema = z.strictObject({ message: z.string(), code: z.string() })

let place: TemporarySystem
let app: ServerApp

beforeEach(async () => {
  place = await openTemporarySystem()
  app = createApp(place.system, {
    dialects: [
      (_, deps) =>
        mountPlatform(deps, {
          name: 'sekoia',
          title: 'A platform',
          identify: async (c, services) => {
            const key = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1]
            if (key === undefined) return undefined
            return { principal: await services.platformKeys.principalOf('sekoia', key, { address: 'x' }) }
          },
          onError: (error, c) => {
            if (!isDomainError(error)) throw error
            const status = error.kind === 'too-many' ? 429 : error.kind === 'not-found' ? 404 : 403
            return c.json({ message: error.message, code: error.code }, status)
          },
          refusal: { type: 'application/json', schema: refusalSchema },
          securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
          describeLimit: ({ remaining }) => ({ 'x-remaining': String(remaining) }),
          finish: (_, answer) => {
            answer.headers.set('x-finished', 'yes')
            return answer
          },
          makeRoutes: () => [
            platformRoute({
              method: 'GET',
              path: '/v1/things/:thingId',
              alsoAt: ['/things/:thingId'],
              summary: 'A thing.',
              permission: 'user',
              permissions: ['SIC_READ_THINGS', 'SIC_READ_ALL'],
              query: z.object({ fields: z.union([z.string(), z.array(z.string())]).optional() }),
              answers: {
                200: z.strictObject({ id: z.string(), fields: z.array(z.string()), who: z.string() }),
              },
              handle: async ({ principal }, { query }, c) => ({
                id: c.req.param('thingId'),
                fields: [query.fields ?? []].flat(),
                who: `${principal.username} by ${principal.dialect}`,
              }),
            }),
            platformRoute({
              method: 'POST',
              path: '/v1/things',
              summary: 'Takes a form.',
              permission: 'user',
              body: z.object({ name: z.string() }),
              bodyTypes: ['application/x-www-form-urlencoded', 'application/json'],
              answers: { 204: null },
              handle: async () => undefined,
            }),
          ],
        }),
    ],
  })
})
afterEach(async () => {
  await place[Symbol.asyncDispose]()
})

async function makeKey(scopes: readonly string[]): Promise<string> {
  const { credentials } = await place.system.services.platformKeys.create(place.admin, {
    kind: 'sekoia',
    name: 'k',
    scopes,
  })
  return 'key' in credentials ? credentials.key : ''
}

async function ask(path: string, key: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${key}`, ...init.headers }
  return await app.fetch(new Request(`http://localhost${path}`, { ...init, headers }))
}

test('a route answers in every spelling of its path, with the query’s lists and who acts', async () => {
  const key = await makeKey(['read'])
  for (const path of [
    '/sekoia/v1/things/7',
    '/sekoia/v1/things/7/',
    '/sekoia//v1/things/7',
    '/sekoia/things/7',
  ]) {
    const answer = await ask(`${path}?fields=a&fields=b`, key)
    expect([path, await answer.json()]).toEqual([
      path,
      { id: '7', fields: ['a', 'b'], who: 'admin by sekoia' },
    ])
    expect(answer.headers.get('x-finished')).toBe('yes')
  }
})

test('a key of named permissions opens what they name, and its scope bounds what it changes', async () => {
  expect((await ask('/sekoia/v1/things/7', await makeKey(['SIC_READ_ALL']))).status).toBe(200)
  const other = await ask('/sekoia/v1/things/7', await makeKey(['SIC_READ_ALERTS']))
  expect([other.status, await other.json()]).toEqual([
    403,
    {
      code: 'missing-permission',
      message: 'This needs a key with the permission SIC_READ_THINGS or SIC_READ_ALL.',
    },
  ])
  expect(other.headers.get('x-finished')).toBe('yes')
  const post = {
    method: 'POST',
    body: 'name=x',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  }
  expect((await ask('/sekoia/v1/things', await makeKey(['read']), post)).status).toBe(403)
  expect((await ask('/sekoia/v1/things', await makeKey(['write']), post)).status).toBe(204)
})

test('who asks too often is told to wait, and the configuration says how often that is', async () => {
  await mkdir(join(place.directory, 'config'), { recursive: true })
  await writeFile(join(place.directory, 'config', 'platforms.yaml'), 'sekoia: {requestsPerMinute: 2}\n')
  const [key, second] = [await makeKey(['read']), await makeKey(['read'])]
  const left = []
  for (let count = 0; count < 3; count++) {
    const answer = await ask('/sekoia/v1/things/7', key)
    left.push([answer.status, answer.headers.get('x-remaining')])
  }
  expect(left).toEqual([
    [200, '1'],
    [200, '0'],
    [429, '0'],
  ])
  expect((await ask('/sekoia/v1/things/7', second)).status).toBe(200)
})

test('an act of nobody is refused for its lack of credentials, not of what browsers send', async () => {
  const answer = await app.fetch(
    new Request('http://localhost/sekoia/v1/things', { method: 'POST', body: '{}' }),
  )
  expect(await answer.json()).toMatchObject({ code: 'not-logged-in' })
})

test('what is not there counts as asked for, too', async () => {
  const key = await makeKey(['read'])
  const left = []
  for (const path of ['/sekoia/v1/things/7', '/sekoia/v1/nothing', '/sekoia/v1/things/7'])
    left.push((await ask(path, key)).headers.get('x-remaining'))
  expect(left).toEqual(['599', '598', '597'])
})

test('the document says what is answered, and what is not there is refused in the platform’s shape', async () => {
  const document = (await (await ask('/sekoia/openapi.json', '')).json()) as OpenApiDocument
  const key = await makeKey(['read'])
  const good = await ask('/sekoia/v1/things/7', key)
  expect(await findReplyProblem(document, 'GET', '/sekoia/v1/things/7', good)).toBeUndefined()
  const bad = Response.json({ id: 7, fields: [], who: '', more: 1 })
  expect(await findReplyProblem(document, 'GET', '/sekoia/v1/things/7', bad)).toMatch(
    /expected string[\s\S]*more/,
  )
  expect(await findReplyProblem(document, 'GET', '/sekoia/v1/nothing', bad)).toMatch('has no GET')
  for (const method of ['GET', 'DELETE']) {
    const unknown = await ask('/sekoia/v1/nothing', key, { method })
    expect([unknown.status, await unknown.json()]).toEqual([
      404,
      { code: 'page-not-found', message: 'There is no page /sekoia/v1/nothing.' },
    ])
  }
})
