import type { AppContext, UserCall } from '../../../../http/app-types.ts'
import { abort, inWords, STANDARD_TEXT } from '../../errors.ts'
import { sendDone, sendJson } from '../../reply.ts'
import { pathId, readBody } from '../../request.ts'
import type { TimesketchRouter } from '../../router.ts'
import { marshalSearchTemplate } from '../../wire/case/search-template.ts'
import { nested, one } from '../../wire/envelope.ts'

/** `/searchtemplates/…` (Timesketch 20261014: api/v1/resources/searchtemplate.py). */
export function routeSearchTemplates(router: TimesketchRouter): void {
  router.user('GET', '/searchtemplates/', list)
  router.user('POST', '/searchtemplates/', () =>
    abort(400, 'Unable to save template. Please contact server admin to add using YAML'),
  )
  router.user('GET', '/searchtemplates/:templateId/', get)
  router.user('DELETE', '/searchtemplates/:templateId/', remove)
  router.user('POST', '/searchtemplates/:templateId/parse/', render, { keyScope: 'read' })
}

const WORDS = {
  'search-template-not-found': [404, STANDARD_TEXT[404]],
  'not-an-admin': [403, 'User does not have delete permission.'],
} as const

async function list(c: AppContext, { services, principal }: UserCall): Promise<Response> {
  const templates = await services.searchTemplates.list(principal)
  const uses = await services.searchTemplates.listUses(principal)
  const collection = uses.map((use) => ({
    search_id: use.savedSearchId,
    template_id: use.templateId,
    sketch_id: use.sketchId,
  }))
  return sendJson(c, nested(templates.map(marshalSearchTemplate), { collection }))
}

async function get(c: AppContext, { services, principal }: UserCall): Promise<Response> {
  const template = await inWords(services.searchTemplates.get(principal, pathId(c, 'templateId')), WORDS)
  return sendJson(c, one(marshalSearchTemplate(template)))
}

async function remove(c: AppContext, { services, principal }: UserCall): Promise<Response> {
  await inWords(services.searchTemplates.delete(principal, pathId(c, 'templateId')), WORDS)
  return sendDone(c)
}

async function render(c: AppContext, { services, principal }: UserCall): Promise<Response> {
  const variables = await readBody(c)
  const id = pathId(c, 'templateId')
  const queryString = await inWords(services.searchTemplates.render(principal, id, variables), WORDS)
  return sendJson(c, one({ query_string: queryString.replaceAll(/[/.\\]/g, '\\$&') }))
}
