import type { SketchSummary, TimelineDetail } from '@timeskein/sdk'
import type { SketchCalls, SketchRow, TimelineRow } from '../backend.ts'
import { findSketch } from './find-sketch.ts'
import type { TimesketchPlace } from './open-timesketch-backend.ts'

/** Sketches and timelines of a Timesketch server. */
export function createSketchCalls({ timesketch, options }: TimesketchPlace): SketchCalls {
  return {
    async listSketches() {
      const { isAdmin } = await timesketch.users.me(options)
      const scope = isAdmin ? 'admin' : 'all'
      return (await Array.fromAsync(timesketch.sketches.list({ ...options, scope }))).map(toSketchRow)
    },
    findSketch: async (nameOrId) => toSketchRow(await findSketch(timesketch, nameOrId, options)),
    async createSketch(name, description) {
      const sketch = await timesketch.sketches.create(
        { name, ...(description === undefined ? {} : { description }) },
        options,
      )
      return toSketchRow(await sketch.get(options))
    },
    async renameSketch(sketchId, name) {
      const sketch = timesketch.sketch(sketchId)
      await sketch.update({ name }, options)
      return toSketchRow(await sketch.get(options))
    },
    async deleteSketch(sketchId) {
      const { isAdmin } = await timesketch.users.me(options)
      await timesketch.sketch(sketchId).delete({ ...options, force: isAdmin })
    },
    async listTimelines(sketchId) {
      const { timelines } = timesketch.sketch(sketchId)
      const rows: TimelineRow[] = []
      for (const { id } of await timelines.list(options))
        rows.push(toTimelineRow(await timelines.get(id, options)))
      return rows
    },
    async renameTimeline(sketchId, timelineId, name) {
      await timesketch.sketch(sketchId).timelines.update(timelineId, { name }, options)
    },
    async deleteTimeline(sketchId, timelineId) {
      await timesketch.sketch(sketchId).timelines.delete(timelineId, options)
    },
  }
}

function toSketchRow(sketch: SketchSummary & { readonly updatedAt?: string | undefined }): SketchRow {
  return {
    id: sketch.id,
    name: sketch.name,
    description: sketch.description,
    status: sketch.status,
    owner: sketch.owner,
    updatedAt: sketch.updatedAt ?? sketch.lastActivity ?? sketch.createdAt ?? '',
    // Timesketch counts no changes.
    revision: 0,
  }
}

function toTimelineRow(timeline: TimelineDetail): TimelineRow {
  return {
    id: timeline.id,
    name: timeline.name,
    status: timeline.status,
    index: timeline.index.indexName,
    events: timeline.eventCount ?? 0,
    problem: timeline.dataSources.flatMap(({ errorMessage }) => errorMessage ?? []).join('; '),
  }
}
