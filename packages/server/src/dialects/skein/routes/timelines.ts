import { doneSchema, timelineChangeSchema, timelineSchema } from '@timeskein/model'
import { z } from 'zod'
import type { SketchCall } from '../../../http/app-types.ts'
import { toApiTimeline } from '../../../services/api-rows.ts'
import type { Timeline } from '../../../services/timelines/timeline-service.ts'
import { type Route, sketchRoute } from '../route.ts'

/** Timelines of a sketch. */
export const timelineRoutes: readonly Route[] = [
  sketchRoute('read', {
    method: 'GET',
    path: '/sketches/:sketchId{[0-9]+}/timelines',
    summary: 'Timelines with events, first and last time.',
    answer: z.object({ timelines: z.array(timelineSchema) }),
    handle: async (call) => ({
      timelines: await describeAll(call, await call.services.timelines.list(call.principal, call.sketch.id)),
    }),
  }),
  sketchRoute('write', {
    method: 'PATCH',
    path: '/sketches/:sketchId{[0-9]+}/timelines/:timelineId{[0-9]+}',
    summary: 'Rename a timeline.',
    body: timelineChangeSchema,
    answer: timelineSchema,
    handle: async (call, { params, body }) => {
      const timeline = await call.services.timelines.update(
        call.principal,
        call.sketch.id,
        Number(params.timelineId),
        { name: body.name },
      )
      return (await describeAll(call, [timeline]))[0]
    },
  }),
  sketchRoute('write', {
    method: 'DELETE',
    path: '/sketches/:sketchId{[0-9]+}/timelines/:timelineId{[0-9]+}',
    summary: 'Remove a timeline and its events.',
    answer: doneSchema,
    handle: async (call, { params }) => {
      await call.services.timelines.delete(call.principal, call.sketch.id, Number(params.timelineId))
      return { done: true }
    },
  }),
]

async function describeAll(call: SketchCall, timelines: readonly Timeline[]) {
  const stats = await call.services.timelines.stats(timelines)
  return timelines.map((timeline) => toApiTimeline(timeline, stats.get(timeline.id)))
}
