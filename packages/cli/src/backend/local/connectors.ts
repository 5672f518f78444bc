import { readNewConnector, readPullStart, toApiConnector, toApiRejects } from '@timeskein/server'
import type { ConnectorCalls } from '../connector-calls.ts'
import type { LocalPlace } from './open-local-backend.ts'

/** Connectors in a data directory. */
export function createConnectorCalls({ services: { connectors }, principal }: LocalPlace): ConnectorCalls {
  return {
    connectors: {
      list: async () => (await connectors.list(principal)).map(toApiConnector),
      get: async (name) => toApiConnector(await connectors.get(principal, name)),
      async add(input) {
        const { connector, verdict } = await connectors.add(principal, readNewConnector(input))
        return { connector: toApiConnector(connector), verdict }
      },
      test: (name) => connectors.test(principal, name),
      setSecret: (name, { secret, clientId }) =>
        connectors.setSecret(principal, name, { secret, ...(clientId === undefined ? {} : { clientId }) }),
      listRejects: async (name) => toApiRejects(await connectors.listRejects(principal, name)),
      remove: (name) => connectors.remove(principal, name),
      pull: (name, { since, signal, onProgress }) =>
        connectors.pull(principal, name, { ...readPullStart(since), signal, onProgress }),
    },
  }
}
