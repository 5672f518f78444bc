import { expect, test } from 'vitest'
import type { DialectDeps } from '../../http/app-types.ts'
import { createApp } from '../../http/create-app.ts'
import { answerProblem } from '../../http/problem.ts'
import { listen } from '../../listen.ts'
import { openEmbeddedStore } from '../../open-embedded-store.ts'
import { connectElements } from './testing/connected-elements.ts'
import { makeIncident } from './testing/fake-elements.ts'

test('whoever waits for a pull of a server that is stopped is answered that it stops', {
  timeout: 60_000,
}, async () => {
  const storing = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  await using connected = await connectElements({
    openStore: async (directory) => {
      const store = await openEmbeddedStore(directory)
      const { beginImport } = store
      store.beginImport = async (target) => {
        storing.resolve()
        await goOn.promise
        return await beginImport.call(store, target)
      }
      return store
    },
  })
  const { place, elements, ana } = connected
  elements.incidents.push(makeIncident('i1', '2024-05-06T00:00:00.000Z', '2024-05-06T00:00:00.000Z'))
  const mount = (_app: unknown, deps: DialectDeps): void => {
    const router = deps.defineDialect({ name: 'sample', onError: answerProblem })
    router.public('GET', '/pull', async (c) =>
      c.json(await place.system.services.connectors.pull(ana, 'edr', { signal: c.req.raw.signal })),
    )
  }
  const listening = await listen(createApp(place.system, { dialects: [mount] }), place.system, { port: 0 })
  const answered = fetch(`${listening.url}/pull`)
  await storing.promise
  const stopped = listening.stop()
  goOn.resolve()
  const response = await answered
  expect([response.status, await response.json()]).toMatchObject([503, { code: 'stopping' }])
  await stopped
})
