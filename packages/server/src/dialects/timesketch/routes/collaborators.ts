import type { AppContext, SketchCall } from '../../../http/app-types.ts'
import type { GrantChange, Permission } from '../../../services/access/access-service.ts'
import { abort, inWords } from '../errors.ts'
import { sendDone } from '../reply.ts'
import { type Body, readBody, texts } from '../request.ts'
import type { TimesketchRouter } from '../router.ts'

/** Most names of one request: each is looked up. */
const MAX_NAMES = 1000
const PERMISSIONS: readonly Permission[] = ['read', 'write', 'delete']

/** `/sketches/<id>/collaborators/` (Timesketch 20261014: api/v1/resources/user.py). */
export function routeCollaborators(router: TimesketchRouter): void {
  router.sketch('POST', '/sketches/:sketchId/collaborators/', 'read', changeCollaborators, {
    keyScope: 'write',
  })
}

async function changeCollaborators(c: AppContext, call: SketchCall): Promise<Response> {
  const { access, users } = call.services
  const mine = await access.sketchPermissions(call.principal, call.sketch.id)
  if (!mine.write) abort(403, 'The user does not have write permission on the sketch.')
  const body = await readBody(c)
  const permissions = readPermissions(body)
  requireFewNames(body)
  const known = async (name: string): Promise<string> =>
    (await users.findByName(name)) || !name.includes('@') ? name : name.slice(0, name.indexOf('@'))
  const change: GrantChange = {
    grantUsers: await Promise.all((texts(body, 'users') ?? []).map(known)),
    grantGroups: texts(body, 'groups') ?? [],
    revokeUsers: await Promise.all((texts(body, 'remove_users') ?? []).map(known)),
    revokeGroups: texts(body, 'remove_groups') ?? [],
    isPublic: body['public'] === true || body['public'] === 'true',
    ...(permissions === undefined ? {} : { permissions }),
  }
  await inWords(access.changeSketchGrants(call.principal, call.sketch.id, change), {
    'cannot-grant': [
      403,
      (error) =>
        `The user does not have ${String(error.details['permission'])} permission on the sketch and therefore can't grant it to others`,
    ],
    'cannot-revoke': [
      403,
      (error) =>
        `The user does not have ${String(error.details['permission'])} permission on the sketch and therefore can't revoke it from others`,
    ],
    'owner-cannot-be-revoked': [403, 'Cannot revoke permissions from the sketch owner.'],
  })
  return sendDone(c)
}

/** @throws {WireError} 400 for more than are looked up. */
function requireFewNames(body: Body): void {
  const lists = ['users', 'groups', 'remove_users', 'remove_groups'].map((name) => texts(body, name) ?? [])
  const count = lists.reduce((sum, { length }) => sum + length, 0)
  if (count > MAX_NAMES)
    abort(400, `At most ${MAX_NAMES} users and groups are taken at once; these are ${count}.`)
}

/** `permissions` is the JSON text of a list; unknown words in it count for nothing, and an empty list grants nothing. */
function readPermissions(body: Body): Permission[] | undefined {
  let wanted = body['permissions']
  if (wanted === undefined || wanted === null || wanted === '') return undefined
  if (typeof wanted === 'string') {
    try {
      wanted = JSON.parse(wanted)
    } catch {
      wanted = undefined
    }
  }
  if (!Array.isArray(wanted)) abort(400, 'Unable to read the permissions: expected the JSON text of a list.')
  return PERMISSIONS.filter((permission) => wanted.includes(permission))
}
