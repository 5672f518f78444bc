import {
  doneSchema,
  flagWordSchema,
  newSketchSchema,
  sketchChangeSchema,
  sketchSchema,
} from '@timeskein/model'
import { z } from 'zod'
import type { Principal } from '../../../auth/principal.ts'
import { toApiSketch } from '../../../services/api-rows.ts'
import type { SketchListScope } from '../../../services/sketches/sketch-service.ts'
import { type Route, sketchRoute, userRoute } from '../route.ts'

const listParametersSchema = z.strictObject({
  page: z.coerce.number().int().min(1).default(1),
  perPage: z.coerce.number().int().min(1).max(500).default(100),
  /** Part of the name or description. */
  text: z.string().optional(),
  /** Administrators get every sketch, others what they get without it. */
  all: flagWordSchema.prefault('false'),
})

/** Sketches. */
export const sketchRoutes: readonly Route[] = [
  userRoute('user', {
    method: 'GET',
    path: '/sketches',
    summary: 'Sketches the caller can read, latest first; with `all`, every one for administrators.',
    query: listParametersSchema,
    answer: z.object({ sketches: z.array(sketchSchema), totalPages: z.int() }),
    handle: async (call, { query }) => {
      const page = await call.services.sketches.list(call.principal, {
        scope: chooseScope(call.principal, query),
        page: query.page,
        perPage: query.perPage,
        includeArchived: true,
        ...(query.text === undefined ? {} : { text: query.text }),
      })
      return { sketches: page.sketches.map(toApiSketch), totalPages: page.totalPages }
    },
  }),
  userRoute('user', {
    method: 'GET',
    path: '/sketches/by-name/:name',
    summary:
      'The sketch of that id (digits) or name (`name:` may stand before it); 409 when several have the name.',
    answer: sketchSchema,
    handle: async (call, { params }) =>
      toApiSketch(await call.services.sketches.resolve(call.principal, params.name)),
  }),
  userRoute('user', {
    method: 'POST',
    path: '/sketches',
    summary: 'Make a sketch.',
    body: newSketchSchema,
    answer: sketchSchema,
    handle: async (call, { body }) =>
      toApiSketch(
        await call.services.sketches.create(call.principal, {
          name: body.name,
          ...(body.description === undefined ? {} : { description: body.description }),
        }),
      ),
  }),
  sketchRoute('read', {
    method: 'GET',
    path: '/sketches/:sketchId{[0-9]+}',
    summary: 'One sketch.',
    answer: sketchSchema,
    handle: async (call) => toApiSketch(call.sketch),
  }),
  sketchRoute('write', {
    method: 'PATCH',
    path: '/sketches/:sketchId{[0-9]+}',
    summary: 'Change name or description.',
    body: sketchChangeSchema,
    answer: sketchSchema,
    handle: async (call, { body }) =>
      toApiSketch(
        await call.services.sketches.update(call.principal, call.sketch.id, {
          ...(body.name === undefined ? {} : { name: body.name }),
          ...(body.description === undefined ? {} : { description: body.description }),
        }),
      ),
  }),
  sketchRoute('delete', {
    method: 'DELETE',
    path: '/sketches/:sketchId{[0-9]+}',
    summary: 'Delete a sketch; with `force`, for administrators, its events too and for good.',
    query: z.strictObject({ force: flagWordSchema.prefault('false') }),
    answer: doneSchema,
    handle: async (call, { query }) => {
      await call.services.sketches.delete(call.principal, call.sketch.id, { force: query.force })
      return { done: true }
    },
  }),
]

function chooseScope(
  principal: Principal,
  query: Pick<z.output<typeof listParametersSchema>, 'text' | 'all'>,
): SketchListScope {
  if (query.text !== undefined) return 'search'
  return query.all && principal.isAdmin ? 'admin' : 'all'
}
