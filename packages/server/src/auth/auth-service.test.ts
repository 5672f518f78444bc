import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTemporarySystem, type TemporarySystem } from '../testing/temporary-system.ts'
import { SESSION_TTL_MS } from './create-auth-service.ts'
import { FREE_FAILURES, LoginThrottle } from './login-throttle.ts'

let temporary: TemporarySystem
let nowMs: number

beforeEach(async () => {
  nowMs = 1_700_000_000_000
  temporary = await openTemporarySystem({ now: () => nowMs })
})
afterEach(async () => {
  await temporary[Symbol.asyncDispose]()
})

const from = { address: '192.0.2.1' }

describe('sessions', () => {
  it('change their cookie and keep their CSRF token over login', async () => {
    const { auth } = temporary.system.services
    await temporary.addUser('ada')
    const anonymous = await auth.openSession('192.0.2.1')
    expect(await auth.principalOfSession(anonymous.session, from)).toBeUndefined()
    const login = await auth.login({
      username: 'ada',
      password: 'correct horse',
      session: anonymous.session,
      ...from,
    })
    expect(login.cookieValue).not.toBe(anonymous.cookieValue)
    expect(login.session.csrfToken).toBe(anonymous.session.csrfToken)
    expect(await auth.findSession(anonymous.cookieValue)).toBeUndefined()
    const found = await auth.findSession(login.cookieValue)
    expect(found && (await auth.principalOfSession(found, from))).toMatchObject({
      username: 'ada',
      isAdmin: false,
    })
    expect(auth.checkCsrf(login.session, login.session.csrfToken)).toBe(true)
    expect(auth.checkCsrf(login.session, 'x')).toBe(false)
    await auth.logout(login.session, from)
    expect(await auth.findSession(login.cookieValue)).toBeUndefined()
  })

  it('expire without use and live on with it', async () => {
    const { auth } = temporary.system.services
    await temporary.addUser('ada')
    const { cookieValue } = await auth.login({ username: 'ada', password: 'correct horse', ...from })
    nowMs += SESSION_TTL_MS - 1000
    expect(await auth.findSession(cookieValue)).toBeDefined()
    nowMs += SESSION_TTL_MS - 1000
    expect(await auth.findSession(cookieValue)).toBeDefined()
    nowMs += SESSION_TTL_MS + 1
    expect(await auth.findSession(cookieValue)).toBeUndefined()
  })

  it('end with a new password, but for the one it was set in', async () => {
    const { auth, users } = temporary.system.services
    await temporary.addUser('ada')
    const attempt = { username: 'ada', password: 'correct horse', ...from }
    const stolen = await auth.login(attempt)
    const own = await auth.login(attempt)
    const principal = await auth.principalOfSession((await auth.findSession(own.cookieValue))!, from)
    await users.setPassword(principal!, principal!.userId, 'battery staple')
    expect(await auth.findSession(own.cookieValue)).toBeDefined()
    expect(await auth.findSession(stolen.cookieValue)).toBeUndefined()
  })

  it('end when the user is disabled or somebody else sets the password', async () => {
    const { auth, users } = temporary.system.services
    const ada = await temporary.addUser('ada')
    const first = await auth.login({ username: 'ada', password: 'correct horse', ...from })
    await users.setPassword(temporary.admin, ada.userId, 'another one')
    expect(await auth.findSession(first.cookieValue)).toBeUndefined()
    const second = await auth.login({ username: 'ada', password: 'another one', ...from })
    await users.setActive(temporary.admin, ada.userId, false)
    expect(await auth.findSession(second.cookieValue)).toBeUndefined()
    await expect(auth.login({ username: 'ada', password: 'another one', ...from })).rejects.toMatchObject({
      code: 'bad-credentials',
    })
  })
})

describe('login', () => {
  it('says the same of unknown names and wrong passwords, and writes both into the audit log', async () => {
    const { audit, auth } = temporary.system.services
    await temporary.addUser('ada')
    for (const username of ['ada', 'nobody']) {
      await expect(auth.login({ username, password: 'wrong', ...from })).rejects.toMatchObject({
        kind: 'unauthenticated',
        code: 'bad-credentials',
        message: 'Invalid username or password.',
      })
    }
    const entries = await audit.list(temporary.admin, { limit: 2 })
    expect(entries.map((entry) => [entry.username, entry.action, entry.result])).toEqual([
      ['nobody', 'login', 'refused'],
      ['ada', 'login', 'refused'],
    ])
  })

  it('slows down guessing and forgets with a good login', async () => {
    const { auth } = temporary.system.services
    await temporary.addUser('ada')
    for (let count = 0; count < FREE_FAILURES; count++) {
      await expect(auth.login({ username: 'ada', password: 'wrong', ...from })).rejects.toMatchObject({
        code: 'bad-credentials',
      })
    }
    await expect(auth.login({ username: 'ada', password: 'correct horse', ...from })).rejects.toMatchObject({
      kind: 'too-many',
      details: { retryAfterSeconds: 1 },
    })
    await auth.login({ username: 'ada', password: 'correct horse', address: '192.0.2.2' })
    nowMs += 1001
    await auth.login({ username: 'ada', password: 'correct horse', ...from })
    await auth.login({ username: 'ada', password: 'correct horse', ...from })
  })

  it('counts tries made at once for one another', async () => {
    const { auth } = temporary.system.services
    await temporary.addUser('ada')
    const tries = await Promise.allSettled(
      Array.from({ length: 50 }, () => auth.login({ username: 'ada', password: 'wrong', ...from })),
    )
    const codes = tries.map((one) => (one.status === 'rejected' ? one.reason.code : 'in'))
    expect(codes.filter((code) => code === 'bad-credentials')).toHaveLength(FREE_FAILURES)
    expect(codes.filter((code) => code === 'login-throttled')).toHaveLength(50 - FREE_FAILURES)
  })

  it('lets those who know their password in, however often', async () => {
    const { auth } = temporary.system.services
    await temporary.addUser('ada')
    const attempt = { username: 'ada', password: 'correct horse', ...from }
    for (let count = 0; count < 3; count++)
      await Promise.all(Array.from({ length: FREE_FAILURES }, () => auth.login(attempt)))
  })

  it('does not count what came to no answer, nor a good login against its address', () => {
    const throttle = new LoginThrottle(() => nowMs)
    const address = '192.0.2.1'
    for (let count = 0; count < 100; count++) {
      throttle.begin('ada', address)
      throttle.succeed('ada', address)
      throttle.begin('bob', address)
      throttle.release('bob', address)
    }
    expect(throttle.waitMs('ada', address)).toBe(0)
    expect(throttle.waitMs('eve', address)).toBe(0)
  })

  it('doubles the wait up to a limit', () => {
    const throttle = new LoginThrottle(() => nowMs)
    const waits: number[] = []
    for (let count = 0; count < 20; count++) {
      throttle.begin('ada', '192.0.2.1')
      waits.push(throttle.waitMs('ada', '192.0.2.1') / 1000)
    }
    expect(waits.slice(0, 8)).toEqual([0, 0, 0, 0, 1, 2, 4, 8])
    expect(waits.at(-1)).toBe(900)
  })

  it('prints the first password once and never stores it', async () => {
    const { auth } = temporary.system.services
    const { firstAdmin } = temporary.system
    expect(firstAdmin?.password).toHaveLength(20)
    await auth.login({ username: 'admin', password: firstAdmin!.password, ...from })
  })
})

describe('API keys', () => {
  it('work until revoked or expired, within their scopes', async () => {
    const { auth } = temporary.system.services
    const ada = await temporary.addUser('ada')
    const { key, apiKey } = await auth.createApiKey(ada, { name: 'script', scopes: ['read'] })
    expect(key).toMatch(/^sk_[\w-]{43}$/)
    expect(JSON.stringify(await auth.listApiKeys(ada))).not.toContain(key)
    const principal = await auth.principalOfApiKey(key, from)
    expect(principal).toMatchObject({ username: 'ada', via: 'api-key' })
    expect([...principal!.scopes]).toEqual(['read'])
    await expect(auth.createApiKey(principal!, { name: 'more', scopes: ['write'] })).rejects.toMatchObject({
      code: 'key-scope',
    })
    await auth.revokeApiKey(ada, apiKey.id)
    expect(await auth.principalOfApiKey(key, from)).toBeUndefined()

    const brief = await auth.createApiKey(ada, {
      name: 'brief',
      scopes: ['write'],
      expiresAtMs: nowMs + 1000,
    })
    expect([...(await auth.principalOfApiKey(brief.key, from))!.scopes]).toEqual(['read', 'write'])
    nowMs += 1000
    expect(await auth.principalOfApiKey(brief.key, from)).toBeUndefined()
  })

  it('make further keys only with the scope admin', async () => {
    const { auth } = temporary.system.services
    const ada = await temporary.addUser('ada')
    for (const [scope, mayMake] of [
      ['write', false],
      ['admin', true],
    ] as const) {
      const { key } = await auth.createApiKey(ada, { name: scope, scopes: [scope] })
      const principal = (await auth.principalOfApiKey(key, from))!
      const made = auth.createApiKey(principal, { name: 'more', scopes: ['write'] })
      if (mayMake) expect((await made).apiKey).toMatchObject({ username: 'ada', scopes: ['write'] })
      else await expect(made).rejects.toMatchObject({ kind: 'forbidden', code: 'key-scope' })
    }
  })

  it('make an administrator only with the scope admin', async () => {
    const { auth } = temporary.system.services
    const write = await auth.createApiKey(temporary.admin, { name: 'w', scopes: ['write'] })
    const admin = await auth.createApiKey(temporary.admin, { name: 'a', scopes: ['admin'] })
    expect((await auth.principalOfApiKey(write.key, from))?.isAdmin).toBe(false)
    expect((await auth.principalOfApiKey(admin.key, from))?.isAdmin).toBe(true)
  })

  it('of others are nobody else’s business', async () => {
    const { auth } = temporary.system.services
    const ada = await temporary.addUser('ada')
    const bob = await temporary.addUser('bob')
    const { apiKey } = await auth.createApiKey(ada, { name: 'script', scopes: ['read'] })
    await expect(auth.revokeApiKey(bob, apiKey.id)).rejects.toMatchObject({ kind: 'not-found' })
    await expect(auth.listApiKeys(bob, { all: true })).rejects.toMatchObject({ code: 'not-an-admin' })
    await auth.revokeApiKey(temporary.admin, apiKey.id)
  })
})

describe('users', () => {
  it('keep their last administrator', async () => {
    const { users } = temporary.system.services
    await expect(users.setActive(temporary.admin, temporary.admin.userId, false)).rejects.toMatchObject({
      code: 'last-admin',
    })
    const ada = await temporary.addUser('ada')
    await users.setAdmin(temporary.admin, ada.userId, true)
    expect((await users.setAdmin(temporary.admin, temporary.admin.userId, false)).isAdmin).toBe(false)
  })

  it('keep any settings, hostile names too', async () => {
    const { users } = temporary.system.services
    const ada = await temporary.addUser('ada')
    await users.mergeSettings(
      ada,
      JSON.parse('{"__proto__":{"isAdmin":true},"a":1}') as Record<string, unknown>,
    )
    const settings = await users.mergeSettings(ada, { b: '\u0000' })
    expect(JSON.stringify(settings)).toBe('{"__proto__":{"isAdmin":true},"a":1,"b":"\\u0000"}')
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
  })

  it('let no key without the scope admin set a password: it opens a session with all scopes', async () => {
    const { auth, users } = temporary.system.services
    const ada = await temporary.addUser('ada')
    for (const scope of ['read', 'write'] as const) {
      const { key } = await auth.createApiKey(ada, { name: scope, scopes: [scope] })
      const principal = await auth.principalOfApiKey(key, from)
      await expect(users.setPassword(principal!, ada.userId, 'taken over')).rejects.toMatchObject({
        code: 'key-scope',
      })
    }
    const { key } = await auth.createApiKey(ada, { name: 'all', scopes: ['admin'] })
    await users.setPassword((await auth.principalOfApiKey(key, from))!, ada.userId, 'battery staple')
    await auth.login({ username: 'ada', password: 'battery staple', ...from })
  })

  it('are made by administrators only, once', async () => {
    const { users } = temporary.system.services
    const ada = await temporary.addUser('ada')
    await expect(users.create(ada, { username: 'eve', password: 'x' })).rejects.toMatchObject({
      code: 'not-an-admin',
    })
    await expect(users.create(temporary.admin, { username: 'ada', password: 'x' })).rejects.toMatchObject({
      code: 'user-exists',
    })
    await expect(users.create(temporary.admin, { username: 'a\nb', password: 'x' })).rejects.toMatchObject({
      code: 'bad-username',
    })
  })
})
