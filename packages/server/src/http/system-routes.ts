import type { App, DialectDeps } from './app-types.ts'
import { answerProblem } from './problem.ts'

/** `GET /healthz` and `GET /metrics`: for whoever watches the process; they say nothing about cases or people. */
export function mountSystemRoutes(_app: App, deps: DialectDeps): void {
  const { system } = deps
  const router = deps.defineDialect({ name: 'system', onError: answerProblem })
  router.public('GET', '/healthz', async (c) => {
    await system.checkHealth()
    return c.json({ status: 'ok', version: system.version })
  })
  router.public('GET', '/metrics', async () => {
    const { registry } = system.metrics
    return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } })
  })
}
