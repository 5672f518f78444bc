import type { AppContext, SketchCall } from '../../../http/app-types.ts'
import { isNameTooLong } from '../../../services/names.ts'
import type { SavedQuery, SavedSearch } from '../../../services/searches/saved-search-service.ts'
import { abort, inWords } from '../errors.ts'
import { sendDone, sendJson } from '../reply.ts'
import { type Body, flag, object, pathId, readBody, text, whole } from '../request.ts'
import type { TimesketchRouter } from '../router.ts'
import { flat, nested, one } from '../wire/envelope.ts'
import { pythonJson } from '../wire/python-json.ts'
import { marshalFullView, marshalView } from '../wire/saved-search.ts'

/** Fields of a saved search that names none. */
const DEFAULT_VIEW_FIELDS = [{ field: 'datetime' }, { field: 'timestamp_desc' }, { field: 'message' }]

/** `/sketches/<id>/views/…` (Timesketch 20261014: api/v1/resources/view.py). */
export function routeViews(router: TimesketchRouter): void {
  router.sketch('GET', '/sketches/:sketchId/views/', 'read', listViews)
  router.sketch('POST', '/sketches/:sketchId/views/', 'write', createView)
  router.sketch('GET', '/sketches/:sketchId/views/:viewId/', 'read', getView)
  router.sketch('POST', '/sketches/:sketchId/views/:viewId/', 'write', updateView)
  router.sketch('DELETE', '/sketches/:sketchId/views/:viewId/', 'write', deleteView)
}

async function listViews(c: AppContext, call: SketchCall): Promise<Response> {
  const views = await call.services.savedSearches.list(call.principal, call.sketch.id)
  return sendJson(
    c,
    nested(await Promise.all(views.map((view) => marshalWithTemplate(call, view, marshalView)))),
  )
}

async function createView(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const templateId = whole(body, 'from_searchtemplate_id')
  const wantsTemplate = flag(body, 'new_searchtemplate')
  if (wantsTemplate && !call.principal.isAdmin)
    abort(403, 'Only administrators make search templates of saved searches.')
  const view = await inWords(
    call.services.savedSearches.create(call.principal, call.sketch.id, {
      name: readName(body),
      ...readQuery(body, true),
      ...(templateId === undefined ? {} : { searchTemplateId: templateId }),
    }),
    NOT_FOUND,
  )
  if (wantsTemplate) await call.services.searchTemplates.createFrom(call.principal, call.sketch.id, view.id)
  return sendJson(c, one(await marshalWithTemplate(call, view, marshalView)), 201)
}

async function getView(c: AppContext, call: SketchCall): Promise<Response> {
  const view = await inWords(
    call.services.savedSearches.get(call.principal, call.sketch.id, pathId(c, 'viewId')),
    NOT_FOUND,
  )
  if (view.isDeleted) return sendJson(c, flat([], { deleted: true, name: view.name }))
  return sendJson(c, one(await marshalWithTemplate(call, view, marshalFullView)))
}

async function updateView(c: AppContext, call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  const description = text(body, 'description')
  const query = readQuery(body, false)
  const view = await inWords(
    call.services.savedSearches.update(call.principal, call.sketch.id, pathId(c, 'viewId'), {
      name: readName(body),
      ...query,
      ...(body['dsl'] ? { queryString: '' } : {}),
      ...(description ? { description } : {}),
    }),
    NOT_FOUND,
  )
  return sendJson(c, one(await marshalWithTemplate(call, view, marshalView)), 201)
}

async function deleteView(c: AppContext, call: SketchCall): Promise<Response> {
  await inWords(
    call.services.savedSearches.delete(call.principal, call.sketch.id, pathId(c, 'viewId')),
    NOT_FOUND,
  )
  return sendDone(c)
}

/** A saved search with the template that it was made from. */
async function marshalWithTemplate(
  { services, principal }: SketchCall,
  view: SavedSearch,
  marshal: typeof marshalView,
): Promise<Record<string, unknown>> {
  const id = view.searchTemplateId
  return marshal(view, id === undefined ? undefined : await services.searchTemplates.get(principal, id))
}

const NOT_FOUND = {
  'search-template-not-found': [404, 'No search template found with this ID.'],
  'saved-search-not-found': [404, 'No view found with this ID.'],
} as const

function readName(body: Body): string {
  const name = text(body, 'name')
  if (!name || isNameTooLong(name)) abort(400, 'Unable to save view, not able to validate form data.')
  return name
}

/** What is asked, as saved: the filter without its place in the pages, the DSL as JSON text of what was given. */
function readQuery(body: Body, fillFields: boolean): SavedQuery {
  const filter = object(body, 'filter')
  if (!filter) abort(400, 'Unable to save view, not able to validate form data.')
  const { from: _from, ...kept } = filter
  const isFieldless = !Array.isArray(kept['fields']) || kept['fields'].length === 0
  return {
    queryString: text(body, 'query') ?? '',
    filterJson: pythonJson(fillFields && isFieldless ? { ...kept, fields: DEFAULT_VIEW_FIELDS } : kept),
    dslJson: pythonJson(body['dsl'] ?? null),
  }
}
