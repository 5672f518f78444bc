import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Principal } from '../auth/principal.ts'
import type { RouteDeclaration } from '../http/app-types.ts'
import { createApp, type ServerApp } from '../http/create-app.ts'
import { openTemporarySystem, type TemporarySystem } from '../testing/temporary-system.ts'
import { ALL_DIALECTS } from './all-dialects.ts'

type Scope = 'read' | 'write' | 'admin'
const SCOPES: readonly Scope[] = ['read', 'write', 'admin']
/** Ways in: an API key with one scope, or having signed in, which allows everything the person may do. */
type Way = Scope | 'session'
const WAYS: readonly Way[] = [...SCOPES, 'session']
/** `neighbour` owns another sketch, `stranger` none. */
const ROLES = ['owner', 'deleter', 'writer', 'reader', 'stranger', 'neighbour', 'admin'] as const
type Role = (typeof ROLES)[number]

const RANK = { read: 0, write: 1, admin: 2 } as const
/** What each role holds on the shared sketch. */
const HELD: Readonly<Record<Role, readonly string[]>> = {
  owner: ['sketch:read', 'sketch:write', 'sketch:delete'],
  deleter: ['sketch:read', 'sketch:write', 'sketch:delete'],
  writer: ['sketch:read', 'sketch:write'],
  reader: ['sketch:read'],
  stranger: [],
  neighbour: [],
  admin: [],
}

/** Open to all by declaration: they refuse in Timesketch's own words whom they do not let in. Who is let in, by route. */
const ASKS_ITSELF: ReadonlyMap<string, readonly Role[]> = new Map([
  ['POST /api/v1/users/', ['admin']],
  ['DELETE /api/v1/sketches/:sketchId{[0-9]+}/', ['owner', 'deleter']],
  // Who sends nothing is forbidden to run nothing.
  ['POST /api/v1/sketches/:sketchId{[0-9]+}/analyzer/', []],
])
/** What ends the session that asks. */
const ENDS_SESSION = /\/logout$/

let temporary: TemporarySystem
let app: ServerApp
let sharedId: number
let foreignId: number
let owner: Principal
/** Headers by which a role comes in, by `role/way`. */
const ways = new Map<string, Readonly<Record<string, string>>>()

beforeAll(async () => {
  temporary = await openTemporarySystem()
  const { services } = temporary.system
  app = createApp(temporary.system, { dialects: ALL_DIALECTS })
  const principals = new Map<Role, Principal>([['admin', temporary.admin]])
  for (const role of ROLES) if (role !== 'admin') principals.set(role, await temporary.addUser(role))
  owner = principals.get('owner')!
  sharedId = await makeShared()
  foreignId = (await services.sketches.create(principals.get('neighbour')!, { name: 'not theirs' })).id
  for (const [role, principal] of principals) {
    for (const scope of SCOPES) {
      const { key } = await services.auth.createApiKey(principal, { name: scope, scopes: [scope] })
      ways.set(`${role}/${scope}`, { authorization: `Bearer ${key}` })
    }
    ways.set(`${role}/session`, await openSession(role))
  }
})
afterAll(async () => {
  await temporary[Symbol.asyncDispose]()
})

/** What a browser sends that a person has signed in with. */
async function openSession(role: Role): Promise<Readonly<Record<string, string>>> {
  const { auth } = temporary.system.services
  const { username, password } =
    role === 'admin' ? temporary.system.firstAdmin! : { username: role, password: 'correct horse' }
  const { cookieValue, session } = await auth.login({ username, password, address: 'test' })
  return { cookie: `session=${cookieValue}`, 'x-csrftoken': session.csrfToken }
}

async function makeShared(): Promise<number> {
  const { services } = temporary.system
  const sketch = await services.sketches.create(owner, { name: 'case' })
  await services.access.changeSketchGrants(owner, sketch.id, {
    grantUsers: ['reader'],
    permissions: ['read'],
  })
  await services.access.changeSketchGrants(owner, sketch.id, {
    grantUsers: ['writer'],
    permissions: ['read', 'write'],
  })
  await services.access.changeSketchGrants(owner, sketch.id, {
    grantUsers: ['deleter'],
    permissions: ['read', 'write', 'delete'],
  })
  return sketch.id
}

/** A path with ids of nothing, but for the sketch. */
function fillPath(route: RouteDeclaration, sketchId: number): string {
  return route.path
    .replace(/:sketchId(\{[^}]*\})?/, String(sketchId))
    .replace(/:(\w+)(\{[^}]*\})?\??/g, (_, name: string) => (/id$/i.test(name) ? '999999' : 'nothing'))
}

async function ask(
  route: RouteDeclaration,
  sketchId: number,
  way: Readonly<Record<string, string>> = {},
): Promise<number> {
  const headers: Record<string, string> = { ...way }
  const body = route.method === 'GET' || route.method === 'DELETE' ? undefined : '{}'
  if (body !== undefined) headers['content-type'] = 'application/json'
  const response = await app.fetch(
    new Request(`http://localhost${fillPath(route, sketchId)}`, {
      method: route.method,
      headers,
      ...(body === undefined ? {} : { body }),
    }),
  )
  // Streams that go on until the client leaves (changes) end here.
  await response.body?.cancel()
  return response.status
}

/** How a caller is refused, worked out from the declaration alone; undefined when they are let in. */
function expectRefusal(route: RouteDeclaration, role: Role, way: Way): number | undefined {
  if (route.permission === 'public') return undefined
  const scope = way === 'session' ? 'admin' : way
  if (RANK[scope] < RANK[route.keyScope]) return 403
  if (route.permission === 'user') return undefined
  if (route.permission === 'admin') return role === 'admin' ? undefined : 403
  if (HELD[role].includes(route.permission)) return undefined
  return role === 'admin' && scope === 'admin' && route.permission === 'sketch:delete' ? undefined : 403
}

test('every route of every dialect refuses whom its declaration does not let in', async () => {
  const wrong: string[] = []
  let checked = 0
  for (const route of await app.listRoutes())
    for (const role of ROLES)
      for (const way of WAYS) {
        const refusal = expectRefusal(route, role, way)
        if (refusal === undefined) continue
        const status = await ask(route, sharedId, ways.get(`${role}/${way}`))
        checked += 1
        if (status !== refusal)
          wrong.push(`${route.method} ${route.path} ${role}/${way}: ${status}, not ${refusal}`)
      }
  expect(wrong).toEqual([])
  expect(checked).toBeGreaterThan(1500)
})

test('nobody gets into a sketch of somebody else, or one that is not there', async () => {
  const wrong: string[] = []
  for (const route of await app.listRoutes()) {
    if (!route.permission.startsWith('sketch:')) continue
    for (const role of ['owner', 'deleter', 'writer', 'reader'] as const)
      for (const way of ['admin', 'session'] as const)
        for (const [sketchId, refusal] of [
          [foreignId, 403],
          [999_999, 404],
        ] as const) {
          const status = await ask(route, sketchId, ways.get(`${role}/${way}`))
          if (status !== refusal)
            wrong.push(
              `${route.method} ${route.path} ${role}/${way} on ${sketchId}: ${status}, not ${refusal}`,
            )
        }
  }
  expect(wrong).toEqual([])
})

test('nobody gets anywhere without saying who they are, or with a key that is not one', async () => {
  const wrong: string[] = []
  for (const route of await app.listRoutes()) {
    if (route.permission === 'public') continue
    for (const key of [undefined, 'sk_made-up']) {
      const status = await ask(route, sharedId, key === undefined ? {} : { authorization: `Bearer ${key}` })
      // Without a session there is no CSRF token either, which Timesketch says first; its pages lead to the login.
      const refusals = key === undefined ? [302, 400, 401, 403] : [401]
      if (!refusals.includes(status)) wrong.push(`${route.method} ${route.path} with ${key}: ${status}`)
    }
  }
  expect(wrong).toEqual([])
})

test('those who are let in are let in', async () => {
  const wrong: string[] = []
  for (const route of await app.listRoutes()) {
    if (route.permission === 'public' || route.permission === 'admin') continue
    // What a route does to the sketch (deleting it, too) is done to one of its own.
    let sketchId = route.path.includes(':sketchId') ? await makeShared() : sharedId
    for (const [role, way] of [
      ['owner', 'admin'],
      ['owner', 'session'],
      ['deleter', 'write'],
      ['writer', 'write'],
      ['reader', 'read'],
    ] as const) {
      if (expectRefusal(route, role, way) !== undefined) continue
      if (ASKS_ITSELF.get(`${route.method} ${route.path}`)?.includes(role) === false) continue
      if (route.method === 'DELETE' && route.path.includes(':sketchId')) sketchId = await makeShared()
      const isLast = way === 'session' && ENDS_SESSION.test(route.path)
      const status = await ask(route, sketchId, isLast ? await openSession(role) : ways.get(`${role}/${way}`))
      if (status === 401 || status === 403 || status >= 500)
        wrong.push(`${route.method} ${route.path} ${role}/${way}: ${status}`)
    }
  }
  expect(wrong).toEqual([])
})

test('somebody who has signed in changes nothing without the token', async () => {
  const wrong: string[] = []
  const { cookie } = await openSession('owner')
  for (const route of await app.listRoutes()) {
    if (route.permission === 'public' || !route.csrf) continue
    for (const token of [{}, { 'x-csrftoken': 'made-up' }]) {
      const status = await ask(route, sharedId, { cookie: cookie!, ...token })
      if (status !== 400 && status !== 403) wrong.push(`${route.method} ${route.path}: ${status}`)
    }
  }
  expect(wrong).toEqual([])
})
