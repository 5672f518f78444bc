import {
  markReportSchema,
  markRequestSchema,
  operationSchema,
  operationsAnswerSchema,
} from '@timeskein/model'
import { z } from 'zod'
import { invalid } from '../../../errors/domain-error.ts'
import type { SketchCall } from '../../../http/app-types.ts'
import { findEventIds } from '../../../services/find-event-ids.ts'
import { type MarkResult, type MarkTarget, STAR_LABEL } from '../../../services/mark-service.ts'
import { toExploreQuestion } from '../question.ts'
import { type Route, sketchRoute, userRoute } from '../route.ts'
import { toApiMarkReport, toApiOperation } from '../wire.ts'

type MarkInput = z.output<typeof markRequestSchema>

/** Marks by ids or by query; each is an operation that can be taken back. */
export const markRoutes: readonly Route[] = [
  sketchRoute('write', {
    method: 'POST',
    path: '/sketches/:sketchId{[0-9]+}/marks',
    summary: 'Mark events; the answer names the operation, which can be undone.',
    body: markRequestSchema,
    answer: markReportSchema,
    handle: async (call, { body }) => toApiMarkReport(await carryOut(call, body)),
  }),
  sketchRoute('read', {
    method: 'GET',
    path: '/sketches/:sketchId{[0-9]+}/marks',
    summary: 'What was done, by whom, newest first.',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(1000).default(50),
      before: z.string().optional(),
    }),
    answer: operationsAnswerSchema,
    handle: async (call, { query }) => {
      const operations = await call.services.marks.history(call.principal, call.sketch.id, {
        limit: query.limit,
        ...(query.before === undefined ? {} : { before: query.before }),
      })
      return { operations: operations.map(toApiOperation) }
    },
  }),
  userRoute('user', {
    method: 'POST',
    path: '/marks/:operationId/undo',
    summary: 'Take an operation back; needs write on its sketch.',
    answer: operationSchema,
    handle: async (call, _input, c) =>
      toApiOperation(await call.services.marks.undo(call.principal, c.req.param('operationId') ?? '')),
  }),
  userRoute('user', {
    method: 'POST',
    path: '/marks/:operationId/redo',
    summary: 'Put an operation that was taken back in force again.',
    answer: operationSchema,
    handle: async (call, _input, c) =>
      toApiOperation(await call.services.marks.redo(call.principal, c.req.param('operationId') ?? '')),
  }),
]

async function carryOut(call: SketchCall, input: MarkInput): Promise<MarkResult> {
  const marks = call.services.marks
  const sketchId = call.sketch.id
  const target = toTarget(call, input)
  const options = {
    signal: call.signal,
    ...(input.atRevision === undefined ? {} : { atRevision: input.atRevision }),
  }
  if (input.kind !== 'star' && input.kind !== 'unstar' && input.value === '')
    throw invalid('no-value', `A ${input.kind} needs a value, found none.`)
  switch (input.kind) {
    case 'tag':
      return only(await marks.addTags(call.principal, sketchId, [input.value], target, options))
    case 'untag':
      return only(await marks.removeTags(call.principal, sketchId, [input.value], target, options))
    case 'star':
      return await marks.addLabel(call.principal, sketchId, STAR_LABEL, target, options)
    case 'unstar':
      return await marks.removeLabel(call.principal, sketchId, STAR_LABEL, target, options)
    case 'label':
      return await marks.addLabel(call.principal, sketchId, input.value, target, options)
    case 'unlabel':
      return await marks.removeLabel(call.principal, sketchId, input.value, target, options)
    case 'comment': {
      const ids =
        'ids' in target
          ? target.ids
          : await findEventIds(call.services.explore, call.principal, {
              sketchId,
              signal: call.signal,
              ...target,
            })
      return (await marks.addComment(call.principal, sketchId, ids, input.value)).result
    }
    default:
      return input.kind satisfies never
  }
}

function toTarget(call: SketchCall, input: MarkInput): MarkTarget {
  if ('ids' in input.target) return { ids: input.target.ids }
  const { query, selection } = toExploreQuestion(call.sketch.id, input.target.question, call.signal)
  return { query, queryText: input.target.question.query, ...(selection === undefined ? {} : { selection }) }
}

function only(results: readonly MarkResult[]): MarkResult {
  const [result] = results
  if (!result) throw new Error('the operation did not say what it did')
  return result
}
