import type { ConnectorCalls } from '../connector-calls.ts'
import { refuse } from './refuse.ts'

/** Timesketch pulls from nothing. */
export function createConnectorCalls(): ConnectorCalls {
  const refuseAll = async (): Promise<never> => refuse('There are no connectors')
  return {
    connectors: {
      list: refuseAll,
      get: refuseAll,
      add: refuseAll,
      test: refuseAll,
      setSecret: refuseAll,
      listRejects: refuseAll,
      remove: refuseAll,
      pull: refuseAll,
    },
  }
}
