import type { Principal } from '../../auth/principal.ts'
import { conflict, forbidden, invalid, notFound } from '../../errors/domain-error.ts'
import { noteChange } from '../changes/note-change.ts'
import { requireName } from '../names.ts'
import { addObjectLabels, removeObjectLabels } from '../object-labels.ts'
import { runCleanups } from '../search-indexes/store-cleanup.ts'
import { describeStoredTimelines } from '../search-indexes/stored-timelines.ts'
import type { ServiceContext } from '../service-context.ts'
import { PROTECTIVE_LABELS } from '../sketches/sketch-service.ts'
import { chooseImportTimeline } from './choose-import-timeline.ts'
import { detachTimeline } from './detach-timeline.ts'
import { insertTimeline } from './insert-timeline.ts'
import { findTimeline, listTimelines, rememberTimelines } from './load-timelines.ts'
import {
  isActiveTimeline,
  type Timeline,
  type TimelineService,
  type TimelineStats,
} from './timeline-service.ts'

/** Timelines, kept in the metadata database; their events are in the store. */
export function createTimelineService(context: ServiceContext): TimelineService {
  const { db, access, audit } = context

  const find = async (sketchId: number, timelineId: number): Promise<Timeline> => {
    const timeline = await findTimeline(db, timelineId)
    if (timeline?.sketchId !== sketchId) throw notFound('timeline', timelineId)
    return timeline
  }
  const changed = async (
    principal: Principal,
    timeline: Timeline,
    action: string,
    details: Record<string, unknown>,
  ): Promise<Timeline> => {
    await db
      .updateTable('timelines')
      .set({ updated_at_ms: context.now() })
      .where('id', '=', timeline.id)
      .execute()
    await audit.record(principal, {
      action,
      subject: `timeline/${timeline.id}`,
      ...(timeline.sketchId === undefined ? {} : { sketchId: timeline.sketchId }),
      details,
    })
    if (timeline.sketchId !== undefined) {
      await noteChange(context, timeline.sketchId, 'timelines', { timelineId: timeline.id })
    }
    return (await findTimeline(db, timeline.id))!
  }

  return {
    async list(principal, sketchId) {
      await access.requireSketch(principal, sketchId, 'read')
      return await listTimelines(db, sketchId)
    },
    async get(principal, sketchId, timelineId) {
      await access.requireSketch(principal, sketchId, 'read')
      return await find(sketchId, timelineId)
    },
    find: (timelineId) => findTimeline(db, timelineId),
    async listActive(sketchId) {
      return (await rememberTimelines(context, sketchId)).filter(isActiveTimeline)
    },
    async attach(principal, sketchId, input) {
      await access.requireOpenSketch(principal, sketchId, 'write')
      const searchIndex = await access.requireSearchIndex(principal, input.searchIndexId, 'read')
      const there = (await listTimelines(db, sketchId)).find(
        (timeline) => timeline.searchIndex.id === searchIndex.id,
      )
      if (there) return { timeline: there, created: false }
      const name = requireName('timeline', input.name ?? searchIndex.name)
      const timelineId = await db.transaction().execute((transaction) =>
        insertTimeline(transaction, {
          sketchId,
          searchIndexId: searchIndex.id,
          name,
          description: name,
          status: 'ready',
          userId: principal.userId,
          atMs: context.now(),
        }),
      )
      const made = (await findTimeline(db, timelineId))!
      return { timeline: await changed(principal, made, 'timeline.create', { name }), created: true }
    },
    async chooseForImport(principal, sketchId, input) {
      await access.requireOpenSketch(principal, sketchId, 'write')
      requireName('timeline', input.name)
      return await chooseImportTimeline(context, principal, sketchId, input)
    },
    async update(principal, sketchId, timelineId, change) {
      await access.requireSketch(principal, sketchId, 'write')
      const timeline = await find(sketchId, timelineId)
      if (change.name !== undefined) requireName('timeline', change.name)
      if (change.color !== undefined && !/^[0-9a-fA-F]{6}$/.test(change.color)) {
        throw invalid('bad-color', 'The colour of a timeline is six hex digits.', {
          found: change.color.slice(0, 32),
        })
      }
      await db
        .updateTable('timelines')
        .set({ ...change, updated_at_ms: context.now() })
        .where('id', '=', timelineId)
        .execute()
      return await changed(principal, timeline, 'timeline.update', { ...change })
    },
    async addLabels(principal, sketchId, timelineId, labels) {
      await access.requireSketch(principal, sketchId, 'write')
      const timeline = await find(sketchId, timelineId)
      const added = await addObjectLabels(db, { kind: 'timeline', id: timelineId }, labels, {
        userId: principal.userId,
        atMs: context.now(),
      })
      if (added === 0) return { timeline, changed: false }
      return { timeline: await changed(principal, timeline, 'timeline.label', { labels }), changed: true }
    },
    async removeLabels(principal, sketchId, timelineId, labels) {
      await access.requireSketch(principal, sketchId, 'write')
      const timeline = await find(sketchId, timelineId)
      const removed = await removeObjectLabels(db, { kind: 'timeline', id: timelineId }, labels)
      if (removed === 0) return { timeline, changed: false }
      return { timeline: await changed(principal, timeline, 'timeline.unlabel', { labels }), changed: true }
    },
    async delete(principal, sketchId, timelineId) {
      if (principal.isAdmin) await access.requireSketch(principal, sketchId, 'delete')
      else await access.requireSketch(principal, sketchId, 'write')
      const timeline = await find(sketchId, timelineId)
      const label = timeline.labels.find((candidate) => PROTECTIVE_LABELS.includes(candidate.toLowerCase()))
      if (label !== undefined) {
        throw forbidden('protected-label', `Timelines with label [${label}] cannot be deleted.`, { label })
      }
      await context.cancelImports([timelineId])
      await detachTimeline(context, timeline)
      // Those that took it in between; from here on none can.
      await context.cancelImports([timelineId])
      await runCleanups(context)
      await audit.record(principal, {
        action: 'timeline.delete',
        subject: `timeline/${timelineId}`,
        sketchId,
        details: { name: timeline.name },
      })
      await noteChange(context, sketchId, 'timelines', { timelineId })
    },
    async setStatus(principal, sketchId, timelineId, status) {
      await access.requireSketch(principal, sketchId, 'write')
      const timeline = await find(sketchId, timelineId)
      if (timeline.status === 'processing' && status !== 'processing') {
        const open = await db
          .selectFrom('imports')
          .select('id')
          .where('timeline_id', '=', timelineId)
          .where('status', 'in', ['queued', 'running'])
          .executeTakeFirst()
        if (open) {
          throw conflict('still-processing', `Timeline ${timelineId} is being imported to.`, {
            importId: open.id,
          })
        }
      }
      await db
        .updateTable('timelines')
        .set({ status, status_changed_at_ms: context.now() })
        .where('id', '=', timelineId)
        .execute()
      return await changed(principal, timeline, 'timeline.status', { status })
    },
    async stats(timelines) {
      const stats = new Map<number, TimelineStats>()
      const byIndex = Map.groupBy(timelines, (timeline) => timeline.searchIndex.indexName)
      for (const [indexName, own] of byIndex) {
        const wanted = new Set(own.map((timeline) => timeline.id))
        for (const info of await describeStoredTimelines(context.store, indexName)) {
          if (wanted.has(info.timelineId)) stats.set(info.timelineId, info)
        }
        for (const id of wanted) {
          if (!stats.has(id)) stats.set(id, { eventCount: 0, firstUs: undefined, lastUs: undefined })
        }
      }
      return stats
    },
    async size(timelines) {
      const wanted = new Set(timelines.map((timeline) => timeline.searchIndex.indexName))
      let eventCount = 0
      let sizeBytes = 0
      for (const info of await context.store.listIndexes()) {
        if (!wanted.has(info.index)) continue
        eventCount += info.eventCount
        sizeBytes += info.sizeBytes
      }
      return { eventCount, sizeBytes }
    },
  }
}
