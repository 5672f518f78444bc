import type { AppContext, UserCall } from '../../../http/app-types.ts'
import { isNameTooLong } from '../../../services/names.ts'
import type { SketchListScope } from '../../../services/sketches/sketch-service.ts'
import { abort, inWords } from '../errors.ts'
import { sendJson } from '../reply.ts'
import { queryFlag, queryInt, readBody, text } from '../request.ts'
import type { TimesketchRouter } from '../router.ts'
import { sketchEnvelope } from '../sketch-parts.ts'
import { flat } from '../wire/envelope.ts'
import { marshalSketchLine } from '../wire/sketch.ts'

/** Most sketches a page. */
const MAX_PER_PAGE = 1000

const SCOPES: readonly SketchListScope[] = ['user', 'shared', 'all', 'recent', 'archived', 'admin', 'search']

/** `/sketches/` (Timesketch 20261014: api/v1/resources/sketch.py). */
export function routeSketches(router: TimesketchRouter): void {
  router.user('GET', '/sketches/', listSketches)
  router.user('POST', '/sketches/', createSketch)
}

const NAME_NEEDED = 'Unable to validate form data: This field is required.'

/** @throws {WireError} 400, in the form's words, for a name of blanks and for one that is too long. */
export function requireSketchName(name: string): void {
  if (name.trim() === '') abort(400, NAME_NEEDED)
  if (isNameTooLong(name)) {
    abort(400, 'Unable to validate form data: Name must be less than 255 characters.')
  }
}

async function listSketches(c: AppContext, call: UserCall): Promise<Response> {
  const wanted = c.req.query('scope') ?? 'user'
  const scope = SCOPES.find((known) => known === wanted)
  const page = queryInt(c, 'page', 1)
  const perPage = Math.min(queryInt(c, 'per_page', 10), MAX_PER_PAGE)
  const includeArchived = queryFlag(c, 'include_archived')
  const includeDeleted = queryFlag(c, 'include_deleted')
  if (page < 1 || perPage < 1) abort(404)
  if (scope === 'admin' && !call.principal.isAdmin) abort(403, 'User is not an admin.')
  const list =
    scope === undefined
      ? { sketches: [], page: 1, perPage, totalItems: 0, totalPages: 0 }
      : await call.services.sketches.list(call.principal, {
          scope,
          page,
          perPage,
          text: c.req.query('search_query') ?? '',
          includeArchived,
          includeDeleted,
        })
  if (page > 1 && page > list.totalPages) abort(404)
  const activity = await call.services.sketches.lastActivity(list.sketches.map((sketch) => sketch.id))
  return sendJson(
    c,
    flat(
      list.sketches.map((sketch) => marshalSketchLine(sketch, activity.get(sketch.id))),
      {
        current_user: call.principal.username,
        has_next: page < list.totalPages,
        has_prev: page > 1,
        next_page: page < list.totalPages ? page + 1 : null,
        prev_page: page > 1 ? page - 1 : null,
        current_page: page,
        total_pages: list.totalPages,
        total_items: list.totalItems,
      },
    ),
  )
}

async function createSketch(c: AppContext, call: UserCall): Promise<Response> {
  const body = await readBody(c)
  const name = text(body, 'name')
  if (!name) abort(400, NAME_NEEDED)
  requireSketchName(name)
  const sketch = await inWords(
    call.services.sketches.create(call.principal, { name, description: text(body, 'description') ?? '' }),
    { 'bad-name': [400, (error) => `Unable to validate form data: ${error.message}`] },
  )
  return sendJson(c, await sketchEnvelope(call.services, call.principal, sketch), 201)
}
