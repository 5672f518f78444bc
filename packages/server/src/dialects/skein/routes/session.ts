import { doneSchema, loginSchema, sessionSchema } from '@timeskein/model'
import { invalid, notFound } from '../../../errors/domain-error.ts'
import type { AppContext, DialectDeps } from '../../../http/app-types.ts'
import { check, readJson } from '../../../http/check-input.ts'
import { toApiUser } from '../../../services/api-rows.ts'
import { type Route, SKEIN_PREFIX, userRoute } from '../route.ts'

/** Logging in and out, and who is logged in. */
export function listSessionRoutes(deps: Pick<DialectDeps, 'setSessionCookie'>): readonly Route[] {
  return [
    {
      description: {
        method: 'POST',
        path: '/login',
        permission: 'public',
        summary: 'Log in; the answer sets the session cookie and tells the CSRF token.',
        query: undefined,
        body: loginSchema,
        answer: sessionSchema,
        answerType: 'application/json',
      },
      mount: (router) =>
        router.public(
          'POST',
          `${SKEIN_PREFIX}/login`,
          async (c, call) => {
            requireJsonType(c)
            const { username, password } = check(loginSchema, await readJson(c), 'body')
            const login = await call.services.auth.login({
              username,
              password,
              address: call.address,
              requestId: call.requestId,
            })
            deps.setSessionCookie(c, login.cookieValue)
            const user = await call.services.users.get(login.principal.userId)
            if (!user) throw notFound('user', login.principal.userId)
            return c.json({ user: toApiUser(user), csrfToken: login.session.csrfToken })
          },
          { csrf: false },
        ),
    },
    userRoute('user', {
      method: 'GET',
      path: '/session',
      summary: 'Who is asking.',
      answer: sessionSchema,
      handle: async (call) => {
        const user = await call.services.users.get(call.principal.userId)
        if (!user) throw notFound('user', call.principal.userId)
        return { user: toApiUser(user), csrfToken: call.session?.csrfToken ?? '' }
      },
    }),
    userRoute('user', {
      method: 'POST',
      path: '/logout',
      summary: 'End the session.',
      answer: doneSchema,
      handle: async (call, _input, c) => {
        if (call.session) await call.services.auth.logout(call.session, call)
        deps.setSessionCookie(c, undefined)
        return { done: true }
      },
    }),
  ]
}

/**
 * Forms of other sites cannot send this type without being asked first: nobody is logged in as somebody else unawares.
 *
 * @throws {DomainError} `invalid` (`bad-content-type`).
 */
function requireJsonType(c: AppContext): void {
  const type = (c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
  if (type === 'application/json') return
  throw invalid(
    'bad-content-type',
    `Logging in: the content type must be application/json, found ${type === '' ? 'none' : `"${type.slice(0, 100)}"`}.`,
  )
}
