import type { AppContext, UserCall } from '../../../http/app-types.ts'
import type { User } from '../../../services/users/user-service.ts'
import { abort } from '../errors.ts'
import { sendDone, sendJson } from '../reply.ts'
import { object, pathId, readBody, readOptionalBody } from '../request.ts'
import type { TimesketchRouter } from '../router.ts'
import { flat, nested, one } from '../wire/envelope.ts'
import { marshalUser } from '../wire/user.ts'

/** Settings that every user has. */
const DEFAULT_SETTINGS = { defaultSearchMethod: 'query_string', showProcessingTimelineEvents: false }

/** `/users/`, `/groups/` (Timesketch 20261014: api/v1/resources/user.py). */
export function routeUsers(router: TimesketchRouter): void {
  router.user('GET', '/users/', listUsers)
  router.user('POST', '/users/', createUser, { keyScope: 'admin' })
  router.user('GET', '/users/:userId/', getUser)
  router.user('GET', '/users/me/', getMe)
  router.user('POST', '/users/me/', changePassword)
  router.user('GET', '/users/me/settings/', getSettings)
  router.user('POST', '/users/me/settings/', mergeSettings)
  router.user('GET', '/groups/', listGroups)
}

async function listUsers(c: AppContext, call: UserCall): Promise<Response> {
  return sendJson(c, nested((await call.services.users.list()).map(marshalUser)))
}

async function createUser(c: AppContext, call: UserCall): Promise<Response> {
  if (!call.principal.isAdmin) abort(403, 'The user has no permissions to create other users.')
  const body = await readBody(c)
  const { username, password } = body
  if (!username) abort(404, 'No username provided, unable to create the user.')
  if (!password) abort(404, 'No password provided, unable to create the user.')
  if (typeof username !== 'string') abort(403, 'The username needs to be a string.')
  if (typeof password !== 'string') abort(403, 'The password needs to be a string.')
  const { users } = call.services
  let user: User | undefined = await users.findByName(username)
  if (user) await users.setPassword(call.principal, user.id, password)
  else user = await users.create(call.principal, { username, password })
  return sendJson(c, one(marshalUser(user)))
}

async function getUser(c: AppContext, call: UserCall): Promise<Response> {
  const user = await call.services.users.get(pathId(c, 'userId'))
  return sendJson(c, user ? one(marshalUser(user)) : flat([]))
}

async function getMe(c: AppContext, call: UserCall): Promise<Response> {
  return sendJson(c, one(marshalUser(await call.services.users.get(call.principal.userId))))
}

async function changePassword(c: AppContext, call: UserCall): Promise<Response> {
  const { password } = await readOptionalBody(c)
  if (!password) abort(404, 'No password supplied, unable to change the password.')
  if (typeof password !== 'string') abort(403, 'The password needs to be a string.')
  await call.services.users.setPassword(call.principal, call.principal.userId, password)
  return sendDone(c)
}

async function getSettings(c: AppContext, call: UserCall): Promise<Response> {
  return sendJson(c, one({ ...DEFAULT_SETTINGS, ...(await call.services.users.getSettings(call.principal)) }))
}

async function mergeSettings(c: AppContext, call: UserCall): Promise<Response> {
  const settings = object(await readBody(c), 'settings')
  if (!settings) abort(400, 'The settings need to be an object.')
  const merged = await call.services.users.mergeSettings(call.principal, settings)
  return sendJson(c, one({ ...DEFAULT_SETTINGS, ...merged }))
}

async function listGroups(c: AppContext, call: UserCall): Promise<Response> {
  return sendJson(c, nested((await call.services.groups.list()).map(({ name }) => ({ name }))))
}
