import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { isConnectionError, isSignInError, isTimeLimitError } from '../../../packages/sdk/src/index.ts'
import { type Check, Skip } from '../check.ts'
import { connect } from '../place.ts'

export const SIGN_IN_CHECKS: readonly Check[] = [
  {
    name: 'the form lets the user in, and out again',
    async run(place) {
      const client = await connect(place)
      equal((await client.users.me()).username, place.user.username)
      match((await client.version()).server, /^\d{8}/)
      await client.signOut()
      // The session is begun anew when it has ended.
      equal((await client.users.me()).username, place.user.username)
    },
  },
  {
    name: 'a wrong password is a refusal that names no password',
    async run(place) {
      const auth = { kind: 'password', username: place.user.username, password: 'wrong secret' } as const
      await rejects(connect(place, { auth }), (error: unknown) => {
        ok(isSignInError(error))
        equal(error.status, 401)
        ok(!error.message.includes('wrong secret'))
        return true
      })
    },
  },
  {
    name: 'a key needs no session',
    async run(place) {
      if (place.apiKey === undefined) throw new Skip('only servers of ours have keys')
      const client = await connect(place, { auth: { kind: 'api-key', key: place.apiKey } })
      equal((await client.users.me()).username, place.admin.username)
      const sketch = await client.sketches.create({ name: 'by key' })
      await sketch.delete()
      const refused = connect(place, { auth: { kind: 'api-key', key: 'sk_wrong' } })
      await rejects(
        refused.then((one) => one.users.me()),
        { name: 'ApiError', code: 'sign-in-needed', status: 401 },
      )
    },
  },
  {
    name: 'a session that has ended is begun again once, and the call is made',
    async run(place) {
      let logins = 0
      let isOver = false
      const client = await connect(place, {
        fetch: async (input, init) => {
          const url = new URL(input instanceof Request ? input.url : input)
          if (url.search === '?local_auth=1') {
            isOver = false
            if (init?.method === 'POST') logins += 1
          }
          const headers = new Headers(init?.headers)
          if (isOver) headers.delete('cookie')
          return await place.fetch(input, { ...init, headers })
        },
      })
      isOver = true
      // Three at once sign in together.
      const names = await Promise.all([client.users.me(), client.users.me(), client.users.me()])
      deepEqual([...new Set(names.map((user) => user.username))], [place.user.username])
      isOver = true
      const sketch = await client.sketches.create({ name: 'after the end' })
      ok(sketch.id > 0)
      await sketch.delete()
      equal(logins, 3)
    },
  },
  {
    name: 'aborting and time limits end a call',
    async run(place) {
      const client = await connect(place, {
        fetch: async (input, init) => {
          if (!String(input).includes('/version/')) return await place.fetch(input, init)
          return await new Promise((_resolve, reject) => {
            init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
          })
        },
      })
      await rejects(client.version({ timeoutMs: 20 }), (error: unknown) => {
        ok(isTimeLimitError(error))
        equal(error.limitMs, 20)
        return true
      })
      await rejects(client.version({ signal: AbortSignal.abort(new Error('enough')) }), /enough/)
    },
  },
  {
    name: 'no answer is a connection error that names the server',
    async run(place) {
      const auth = { kind: 'none' } as const
      const refused = connect(place, {
        url: 'http://127.0.0.1:9',
        auth,
        retryCount: 0,
        fetch: globalThis.fetch,
      })
      await rejects(
        refused,
        (error: unknown) => isConnectionError(error) && error.message.includes('127.0.0.1:9'),
      )
    },
  },
]
