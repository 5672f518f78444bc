import { markEvents, prepareMarkTarget, toApiMarkReport, toApiOperation } from '@timeskein/server'
import type { MarkCalls } from '../backend.ts'
import { toMarkReport } from '../mark-report.ts'
import { listTimelinesOf } from '../question-timelines.ts'
import { readHistory } from '../read-history.ts'
import type { LocalPlace } from './open-local-backend.ts'

/** Marks in a data directory. */
export function createMarkCalls({ services, principal }: LocalPlace): MarkCalls {
  return {
    async mark({ sketchId, kind, value, target }) {
      const question = 'ids' in target ? undefined : target.question
      const result = await markEvents(services, principal, sketchId, {
        kind,
        value,
        target:
          'ids' in target
            ? target
            : prepareMarkTarget({ ...target.question, timelines: listTimelinesOf(target.question) }),
        ...(question === undefined ? {} : { signal: question.signal }),
      })
      return toMarkReport(toApiMarkReport(result))
    },
    history: (sketchId, limit) =>
      readHistory(limit, async (page) =>
        (await services.marks.history(principal, sketchId, page)).map(toApiOperation),
      ),
    undo: async (operationId, sketchId) =>
      toApiOperation(
        await services.marks.undo(principal, operationId, sketchId === undefined ? {} : { sketchId }),
      ),
  }
}
