import type { AppContext, UserCall } from '../../../http/app-types.ts'
import type { SearchIndexStatus } from '../../../services/search-indexes/search-index-service.ts'
import { abort, inWords } from '../errors.ts'
import { sendDone, sendJson } from '../reply.ts'
import { flag, pathId, readBody, text } from '../request.ts'
import type { TimesketchRouter } from '../router.ts'
import { nested, one } from '../wire/envelope.ts'
import { toIndexName } from '../wire/index-name.ts'
import { marshalSearchIndex } from '../wire/search-index.ts'

const SETTABLE: readonly SearchIndexStatus[] = ['ready', 'fail', 'processing', 'timeout']

/** Fields that every event answers to. */
const COMMON_FIELDS = [
  '__ts_timeline_id',
  'datetime',
  'message',
  'timesketch_label',
  'timestamp',
  'timestamp_desc',
]

/** `/searchindices/` (Timesketch 20261014: api/v1/resources/searchindex.py). */
export function routeSearchIndices(router: TimesketchRouter): void {
  router.user('GET', '/searchindices/', listSearchIndices)
  router.user('POST', '/searchindices/', createSearchIndex)
  router.user('GET', '/searchindices/:searchIndexId/', getSearchIndex)
  router.user('POST', '/searchindices/:searchIndexId/', modifySearchIndex)
  router.user('DELETE', '/searchindices/:searchIndexId/', deleteSearchIndex)
}

async function listSearchIndices(c: AppContext, call: UserCall): Promise<Response> {
  return sendJson(c, nested((await call.services.searchIndexes.list(call.principal)).map(marshalSearchIndex)))
}

async function createSearchIndex(c: AppContext, call: UserCall): Promise<Response> {
  const body = await readBody(c)
  const name = text(body, 'searchindex_name')
  const wanted = text(body, 'es_index_name')
  if (!name || !wanted) abort(400, 'Unable to validate form data')
  const indexName = toIndexName(wanted)
  const existing = await call.services.searchIndexes.findByIndexName(indexName)
  if (existing) {
    const permissions = await call.services.access.searchIndexPermissions(call.principal, existing.id)
    if (!permissions.read) abort(403)
    return sendJson(
      c,
      one(marshalSearchIndex(existing), { created: false, deleted: existing.status === 'deleted' }),
    )
  }
  const { searchIndex, created } = await call.services.searchIndexes.create(call.principal, {
    name,
    indexName,
    description: name,
    isPublic: flag(body, 'public'),
  })
  return sendJson(c, one(marshalSearchIndex(searchIndex), { created }), created ? 201 : 200)
}

async function getSearchIndex(c: AppContext, call: UserCall): Promise<Response> {
  const searchIndex = await call.services.searchIndexes.get(call.principal, pathId(c, 'searchIndexId'))
  const fields = await call.services.searchIndexes.listFields(call.principal, searchIndex.id)
  const names =
    fields.length === 0 ? [] : [...new Set([...COMMON_FIELDS, ...fields.map((field) => field.name)])]
  return sendJson(
    c,
    one(marshalSearchIndex(searchIndex), { contains_timeline_id: names.length > 0, fields: names.sort() }),
  )
}

async function modifySearchIndex(c: AppContext, call: UserCall): Promise<Response> {
  const id = pathId(c, 'searchIndexId')
  const body = await readBody(c)
  const status = SETTABLE.find((known) => known === body['status'])
  const description = text(body, 'description')
  const searchIndex = await inWords(
    call.services.searchIndexes.update(call.principal, id, {
      ...(status ? { status } : {}),
      ...(description ? { description } : {}),
    }),
    { 'searchindex-deleted': [400, 'Unable to edit a deleted search index.'] },
  )
  return sendJson(c, one(marshalSearchIndex(searchIndex)))
}

async function deleteSearchIndex(c: AppContext, call: UserCall): Promise<Response> {
  await inWords(call.services.searchIndexes.delete(call.principal, pathId(c, 'searchIndexId')), {
    'searchindex-in-use': [
      403,
      (error) => {
        const sketches =
          (error.details['sketches'] as readonly { id: number; name: string }[] | undefined) ?? []
        return `WARNING: This timeline is in use by:\n${sketches.map(({ id, name }) => ` * ${id} - ${name}\n`).join('')}`
      },
    ],
  })
  return sendDone(c)
}
