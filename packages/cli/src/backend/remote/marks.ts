import type { MarkCalls } from '../backend.ts'
import { toMarkReport } from '../mark-report.ts'
import { readHistory } from '../read-history.ts'
import type { RemotePlace } from './open-remote-backend.ts'
import { toApiQuestion } from './questions.ts'

/** Marks on a server. */
export function createMarkCalls({ client, options }: RemotePlace): MarkCalls {
  return {
    async mark({ sketchId, kind, value, target }) {
      const apiTarget =
        'ids' in target ? { ids: [...target.ids] } : { question: toApiQuestion(target.question) }
      return toMarkReport(await client.mark(sketchId, { kind, value, target: apiTarget }, options))
    },
    history: (sketchId, limit) =>
      readHistory(limit, (page) => client.listOperations(sketchId, { ...options, ...page })),
    undo: (operationId, sketchId) => client.undo(operationId, { ...options, sketchId }),
  }
}
