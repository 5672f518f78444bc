import type { ConnectorCalls } from '../connector-calls.ts'
import type { RemotePlace } from './open-remote-backend.ts'

/** Connectors of a server. */
export function createConnectorCalls({ client: { connectors }, options }: RemotePlace): ConnectorCalls {
  return {
    connectors: {
      list: () => connectors.list(options),
      get: (name) => connectors.get(name, options),
      add: (connector) => connectors.add(connector, options),
      test: (name) => connectors.test(name, options),
      setSecret: (name, secret) => connectors.setSecret(name, secret, options),
      listRejects: (name) => connectors.listRejects(name, options),
      remove: (name) => connectors.remove(name, options),
      pull: (name, { since, signal }) =>
        connectors.pull(name, { signal, ...(since === undefined ? {} : { since }) }),
    },
  }
}
