import { abort } from '../errors.ts'
import { sendJson } from '../reply.ts'
import type { TimesketchRouter } from '../router.ts'
import { nested } from '../wire/envelope.ts'

/** `/searchtemplates/…`: there are none yet (reference, section 2.14). */
export function routeSearchTemplates(router: TimesketchRouter): void {
  router.user('GET', '/searchtemplates/', (c) => sendJson(c, nested([], { collection: [] })))
  router.user('POST', '/searchtemplates/', () =>
    abort(400, 'Unable to save template. Please contact server admin to add using YAML'),
  )
  router.user('GET', '/searchtemplates/:templateId/', () => abort(404))
  router.user('DELETE', '/searchtemplates/:templateId/', () => abort(404))
  router.user('POST', '/searchtemplates/:templateId/parse/', () => abort(404))
}
