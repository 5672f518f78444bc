import {
  markReportSchema,
  markRequestSchema,
  operationSchema,
  operationsAnswerSchema,
  takeBackRequestSchema,
} from '@timeskein/model'
import { z } from 'zod'
import type { SketchCall } from '../../../http/app-types.ts'
import { toApiMarkReport, toApiOperation } from '../../../services/api-rows.ts'
import { prepareMarkTarget } from '../../../services/explore/read-question.ts'
import { type MarkWish, markEvents } from '../../../services/marks/mark-events.ts'
import { type Route, sketchRoute, userRoute } from '../route.ts'

type MarkInput = z.output<typeof markRequestSchema>

/** Marks by ids or by query; each is an operation that can be taken back. */
export const markRoutes: readonly Route[] = [
  sketchRoute('write', {
    method: 'POST',
    path: '/sketches/:sketchId{[0-9]+}/marks',
    summary: 'Mark events; the answer names the operation, which can be undone.',
    body: markRequestSchema,
    answer: markReportSchema,
    handle: async (call, { body }) =>
      toApiMarkReport(await markEvents(call.services, call.principal, call.sketch.id, readWish(call, body))),
  }),
  sketchRoute('read', {
    method: 'GET',
    path: '/sketches/:sketchId{[0-9]+}/marks',
    summary: 'What was done, by whom, newest first.',
    query: z.strictObject({
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
    body: takeBackRequestSchema,
    answer: operationSchema,
    handle: async (call, { params, body }) =>
      toApiOperation(await call.services.marks.undo(call.principal, params.operationId, inSketch(body))),
  }),
  userRoute('user', {
    method: 'POST',
    path: '/marks/:operationId/redo',
    summary: 'Put an operation that was taken back in force again.',
    body: takeBackRequestSchema,
    answer: operationSchema,
    handle: async (call, { params, body }) =>
      toApiOperation(await call.services.marks.redo(call.principal, params.operationId, inSketch(body))),
  }),
]

function readWish(call: SketchCall, input: MarkInput): MarkWish {
  return {
    kind: input.kind,
    value: input.value,
    target: 'ids' in input.target ? { ids: input.target.ids } : prepareMarkTarget(input.target.question),
    signal: call.signal,
    ...(input.atRevision === undefined ? {} : { atRevision: input.atRevision }),
  }
}

function inSketch({ sketchId }: z.output<typeof takeBackRequestSchema>): { sketchId?: number } {
  return sketchId === undefined ? {} : { sketchId }
}
