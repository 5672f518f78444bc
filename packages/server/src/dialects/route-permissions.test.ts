import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Principal } from '../auth/principal.ts'
import type { RouteDeclaration } from '../http/app-types.ts'
import { createApp, type ServerApp } from '../http/create-app.ts'
import { openTemporarySystem, type TemporarySystem } from '../testing/temporary-system.ts'
import { mountSkein } from './skein/mount-skein.ts'
import { mountTimesketch } from './timesketch/mount.ts'

type Scope = 'read' | 'write' | 'admin'
const SCOPES: readonly Scope[] = ['read', 'write', 'admin']
const ROLES = ['owner', 'writer', 'reader', 'stranger', 'admin'] as const
type Role = (typeof ROLES)[number]

const RANK = { read: 0, write: 1, admin: 2 } as const
/** What each role holds on the shared sketch. */
const HELD: Readonly<Record<Role, readonly string[]>> = {
  owner: ['sketch:read', 'sketch:write', 'sketch:delete'],
  writer: ['sketch:read', 'sketch:write'],
  reader: ['sketch:read'],
  stranger: [],
  admin: [],
}

/** Open to all by declaration: they answer those who are no administrators in Timesketch's own words. */
const ASKS_FOR_ADMIN_ITSELF: ReadonlySet<string> = new Set(['POST /api/v1/users/'])

let temporary: TemporarySystem
let app: ServerApp
let sharedId: number
let foreignId: number
let owner: Principal
const keys = new Map<string, string>()

beforeAll(async () => {
  temporary = await openTemporarySystem()
  const { services } = temporary.system
  app = createApp(temporary.system, { dialects: [mountTimesketch, mountSkein] })
  const principals = new Map<Role, Principal>([['admin', temporary.admin]])
  for (const role of ROLES) if (role !== 'admin') principals.set(role, await temporary.addUser(role))
  owner = principals.get('owner')!
  sharedId = await makeShared()
  const stranger = await temporary.addUser('somebody-else')
  foreignId = (await services.sketches.create(stranger, { name: 'not theirs' })).id
  for (const [role, principal] of principals)
    for (const scope of SCOPES) {
      const { key } = await services.auth.createApiKey(principal, { name: scope, scopes: [scope] })
      keys.set(`${role}/${scope}`, key)
    }
})
afterAll(async () => {
  await temporary[Symbol.asyncDispose]()
})

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
  return sketch.id
}

/** A path with ids of nothing, but for the sketch. */
function fillPath(route: RouteDeclaration, sketchId: number): string {
  return route.path
    .replace(/:sketchId(\{[^}]*\})?/, String(sketchId))
    .replace(/:(\w+)(\{[^}]*\})?\??/g, (_, name: string) => (/id$/i.test(name) ? '999999' : 'nothing'))
}

async function ask(route: RouteDeclaration, sketchId: number, key: string | undefined): Promise<number> {
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` }
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
function expectRefusal(route: RouteDeclaration, role: Role, scope: Scope): number | undefined {
  if (route.permission === 'public') return undefined
  if (RANK[scope] < RANK[route.keyScope]) return 403
  if (route.permission === 'user') return undefined
  if (route.permission === 'admin') return role === 'admin' ? undefined : 403
  if (HELD[role].includes(route.permission)) return undefined
  return role === 'admin' && scope === 'admin' && route.permission === 'sketch:delete' ? undefined : 403
}

test('every route of every dialect refuses whom its declaration does not let in', async () => {
  const wrong: string[] = []
  let checked = 0
  for (const route of app.routes)
    for (const role of ROLES)
      for (const scope of SCOPES) {
        const refusal = expectRefusal(route, role, scope)
        if (refusal === undefined) continue
        const status = await ask(route, sharedId, keys.get(`${role}/${scope}`))
        checked += 1
        if (status !== refusal)
          wrong.push(`${route.method} ${route.path} ${role}/${scope}: ${status}, not ${refusal}`)
      }
  expect(wrong).toEqual([])
  expect(checked).toBeGreaterThan(300)
})

test('nobody gets into a sketch of somebody else, or one that is not there', async () => {
  const wrong: string[] = []
  for (const route of app.routes) {
    if (!route.permission.startsWith('sketch:')) continue
    for (const role of ['owner', 'writer', 'reader'] as const) {
      const key = keys.get(`${role}/admin`)
      for (const [sketchId, refusal] of [
        [foreignId, 403],
        [999_999, 404],
      ] as const) {
        const status = await ask(route, sketchId, key)
        if (status !== refusal)
          wrong.push(`${route.method} ${route.path} ${role} on ${sketchId}: ${status}, not ${refusal}`)
      }
    }
  }
  expect(wrong).toEqual([])
})

test('nobody gets anywhere without saying who they are, or with a key that is not one', async () => {
  const wrong: string[] = []
  for (const route of app.routes) {
    if (route.permission === 'public') continue
    for (const key of [undefined, 'sk_made-up']) {
      const status = await ask(route, sharedId, key)
      // Without a session there is no CSRF token either, which Timesketch says first; its pages lead to the login.
      const refusals = key === undefined ? [302, 400, 401, 403] : [401]
      if (!refusals.includes(status)) wrong.push(`${route.method} ${route.path} with ${key}: ${status}`)
    }
  }
  expect(wrong).toEqual([])
})

test('those who are let in are let in', async () => {
  const wrong: string[] = []
  for (const route of app.routes) {
    if (route.permission === 'public' || route.permission === 'admin') continue
    if (ASKS_FOR_ADMIN_ITSELF.has(`${route.method} ${route.path}`)) continue
    for (const [role, scope] of [
      ['owner', 'admin'],
      ['reader', 'read'],
    ] as const) {
      if (expectRefusal(route, role, scope) !== undefined) continue
      // What a route does to the sketch (deleting it, too) is done to one of its own.
      const sketchId = route.path.includes(':sketchId') ? await makeShared() : sharedId
      const status = await ask(route, sketchId, keys.get(`${role}/${scope}`))
      if (status === 401 || status === 403 || status >= 500)
        wrong.push(`${route.method} ${route.path} ${role}/${scope}: ${status}`)
    }
  }
  expect(wrong).toEqual([])
})
