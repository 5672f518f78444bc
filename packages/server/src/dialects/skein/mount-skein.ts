import type { App, DialectDeps } from '../../http/app-types.ts'
import { answerProblem } from '../../http/problem.ts'
import { makeOpenApi } from './openapi.ts'
import { SKEIN_PREFIX } from './route.ts'
import { listRoutes } from './routes.ts'

/** Puts our own API onto the app. */
export function mountSkein(_app: App, deps: DialectDeps): void {
  const router = deps.defineDialect({ name: 'skein', onError: answerProblem })
  const routes = listRoutes(deps)
  for (const route of routes) route.mount(router)
  router.public('GET', `${SKEIN_PREFIX}/openapi.json`, (c) =>
    c.json(
      makeOpenApi(
        routes.map((route) => route.description),
        deps.system.version,
      ),
    ),
  )
}
