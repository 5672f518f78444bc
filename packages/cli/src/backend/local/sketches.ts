import { toApiSketch, toApiTimeline } from '@timeskein/server'
import type { SketchCalls, SketchRow } from '../backend.ts'
import type { LocalPlace } from './open-local-backend.ts'

const LIST_PAGE = 500

/** Sketches and timelines of a data directory. */
export function createSketchCalls({ services, principal }: LocalPlace): SketchCalls {
  const { sketches, timelines } = services
  return {
    async listSketches() {
      const rows: SketchRow[] = []
      for (let page = 1; ; page += 1) {
        const found = await sketches.list(principal, {
          scope: principal.isAdmin ? 'admin' : 'all',
          page,
          perPage: LIST_PAGE,
          includeArchived: true,
        })
        rows.push(...found.sketches.map(toApiSketch))
        if (page >= found.totalPages) return rows
      }
    },
    findSketch: async (nameOrId) => toApiSketch(await sketches.resolve(principal, nameOrId)),
    createSketch: async (name, description) =>
      toApiSketch(
        await sketches.create(principal, { name, ...(description === undefined ? {} : { description }) }),
      ),
    renameSketch: async (sketchId, name) => toApiSketch(await sketches.update(principal, sketchId, { name })),
    async deleteSketch(sketchId) {
      await sketches.delete(principal, sketchId, { force: principal.isAdmin })
    },
    async listTimelines(sketchId) {
      const found = await timelines.list(principal, sketchId)
      const stats = await timelines.stats(found)
      return found.map((timeline) => toApiTimeline(timeline, stats.get(timeline.id)))
    },
    async renameTimeline(sketchId, timelineId, name) {
      await timelines.update(principal, sketchId, timelineId, { name })
    },
    async deleteTimeline(sketchId, timelineId) {
      await timelines.delete(principal, sketchId, timelineId)
    },
  }
}
