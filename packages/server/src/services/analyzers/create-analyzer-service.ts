import { chooseAnalyzers } from '@timeskein/analyze'
import type { Principal } from '../../auth/principal.ts'
import { conflict, DomainError, forbidden, invalid, notFound } from '../../errors/domain-error.ts'
import { noteChange } from '../changes/note-change.ts'
import { undoGroup } from '../marks/undo-group.ts'
import type { ServiceContext } from '../service-context.ts'
import { findTimeline, listTimelines } from '../timelines/load-timelines.ts'
import { untilAborted } from '../until-aborted.ts'
import { AnalysisQueue } from './analysis-queue.ts'
import {
  type AnalysisSession,
  type AnalyzerRequest,
  type AnalyzerService,
  MAX_OPEN_ANALYSES,
} from './analyzer-service.ts'
import type { AnyAnalyzer } from './house-analyzer.ts'
import { isOpenAnalysis, loadSessions, OPEN_STATUSES, toAnalyses } from './load-analyses.ts'
import { loadSettings } from './load-settings.ts'
import { planAnalyzers, recordSession } from './plan-session.ts'
import { AnalysisCancelled, type AnalysisServices, runAnalysis } from './run-analysis.ts'

/** The service with what ends it. */
export interface AnalyzerHouse {
  readonly service: AnalyzerService
  /** Takes no more and ends what waits and runs; resolves when all is recorded. */
  stop(): Promise<void>
}

/** Analyzers over the timelines of a data directory; they run in this process, off the requests. */
export function createAnalyzerService(
  context: ServiceContext,
  services: AnalysisServices,
  analyzers: readonly AnyAnalyzer[],
): AnalyzerHouse {
  const { db, access, audit } = context
  const queue = new AnalysisQueue()

  const carryOut = async (principal: Principal, sessionId: number, signal: AbortSignal): Promise<void> => {
    try {
      const settings = await loadSettings(context)
      const [session] = await loadSessions(db, [sessionId])
      for (const analysis of session?.analyses ?? []) {
        const analyzer = analyzers.find(({ name }) => name === analysis.analyzer)
        await runAnalysis(context, services, principal, analysis, { analyzer, settings, signal })
      }
      await audit.record(principal, {
        action: 'analysis.end',
        subject: `analysis-session/${sessionId}`,
        ...(session ? { sketchId: session.sketchId } : {}),
      })
    } catch (error) {
      // The next start settles it (`recoverAnalyses`).
      context.log.error({ err: error, sessionId }, 'the end of an analysis could not be recorded')
    }
  }

  const findSession = async (sketchId: number, sessionId: number): Promise<AnalysisSession> => {
    const [session] = Number.isSafeInteger(sessionId) ? await loadSessions(db, [sessionId]) : []
    if (session?.sketchId !== sketchId) throw notFound('analysis session', sessionId)
    return session
  }

  const service: AnalyzerService = {
    async list() {
      const settings = await loadSettings(context)
      return analyzers.map(({ name, displayName, description, listParameters }) => ({
        name,
        displayName,
        description,
        isMulti: (listParameters?.(settings).length ?? 0) > 0,
      }))
    },

    async run(principal, sketchId, request) {
      await access.requireOpenSketch(principal, sketchId, 'write')
      if (queue.isStopping)
        throw new DomainError('unavailable', 'stopping', 'The server is stopping; run analyzers later.')
      const known = await listTimelines(db, sketchId)
      const timelines = chooseTimelines(request.timelineIds, known)
      const chosen = chooseAnalyzers(
        analyzers,
        request.names.map((name) => name.toLowerCase()),
      )
      if (chosen.length === 0) throw refuseNames(request, analyzers)
      const plans = await planAnalyzers(chosen, await loadSettings(context), request.parameters)
      const size = plans.reduce((sum, { sets }) => sum + sets.length, 0)
      requireRoom(queue.openCount + size * timelines.length)
      const sessionIds: number[] = []
      for (const timeline of timelines) {
        if (timeline.status !== 'ready') continue
        const id = await recordSession(context, principal, sketchId, timeline, plans, request.force ?? false)
        if (id === undefined) continue
        sessionIds.push(id)
        await audit.record(principal, {
          action: 'analysis.start',
          subject: `analysis-session/${id}`,
          sketchId,
          details: { timelineId: timeline.id, analyzers: chosen.map(({ name }) => name) },
        })
      }
      const sessions = await loadSessions(db, sessionIds)
      for (const session of sessions)
        queue.add({
          sessionId: session.id,
          timelineId: session.analyses[0]!.timeline.id,
          size: session.analyses.length,
          run: (signal) => carryOut(principal, session.id, signal),
        })
      return sessions
    },

    async runAfterImport(principal, sketchId, timelineId) {
      const { autoRun } = await loadSettings(context)
      if (autoRun.length === 0) return []
      return await service.run(principal, sketchId, { timelineIds: [timelineId], names: autoRun })
    },

    async getSession(principal, sketchId, sessionId) {
      await access.requireSketch(principal, sketchId, 'read')
      return await findSession(sketchId, sessionId)
    },

    async listActive(principal, sketchId) {
      await access.requireSketch(principal, sketchId, 'read')
      const rows = await db
        .selectFrom('analyses')
        .select('session_id')
        .distinct()
        .where('sketch_id', '=', sketchId)
        .where('status', 'in', OPEN_STATUSES)
        .orderBy('session_id')
        .execute()
      return await loadSessions(
        db,
        rows.map((row) => row.session_id),
      )
    },

    async listOfTimeline(principal, sketchId, timelineId) {
      await access.requireSketch(principal, sketchId, 'read')
      const timeline = await findTimeline(db, timelineId)
      if (timeline?.sketchId !== sketchId) throw notFound('timeline', timelineId)
      const rows = await db
        .selectFrom('analyses')
        .selectAll()
        .where('timeline_id', '=', timelineId)
        .orderBy('id')
        .execute()
      return await toAnalyses(db, rows)
    },

    async wait(principal, sketchId, sessionId, signal) {
      await service.getSession(principal, sketchId, sessionId)
      await untilAborted(queue.waitForEnd(sessionId), signal)
      return await findSession(sketchId, sessionId)
    },

    async cancel(principal, sketchId, sessionId) {
      await access.requireSketch(principal, sketchId, 'write')
      const { analyses } = await findSession(sketchId, sessionId)
      if (analyses.some(isOpenAnalysis)) {
        await audit.record(principal, {
          action: 'analysis.cancel',
          subject: `analysis-session/${sessionId}`,
          sketchId,
        })
        await queue.cancel(sessionId, new AnalysisCancelled(`Cancelled by ${principal.username}.`))
      }
      return await findSession(sketchId, sessionId)
    },

    async undo(principal, sketchId, analysisId) {
      await access.requireOpenSketch(principal, sketchId, 'write')
      const row = Number.isSafeInteger(analysisId)
        ? await db
            .selectFrom('analyses')
            .selectAll()
            .where('id', '=', analysisId)
            .where('sketch_id', '=', sketchId)
            .executeTakeFirst()
        : undefined
      if (!row) throw notFound('analysis', analysisId)
      if (OPEN_STATUSES.some((status) => status === row.status))
        throw conflict('analysis-not-ended', `Analysis ${analysisId} has not ended; cancel it.`, {
          analysisId,
        })
      await audit.record(principal, {
        action: 'analysis.undo',
        subject: `analysis/${analysisId}`,
        sketchId,
      })
      const count = await undoGroup(context, principal, row.mark_group)
      if (count > 0) await noteChange(context, sketchId, 'marks', { analysisId })
      return count
    },
  }
  return {
    service,
    stop: () => queue.stop(new AnalysisCancelled('The server was stopped. Run it again.')),
  }
}

function chooseTimelines<Timeline extends { readonly id: number }>(
  ids: readonly number[],
  known: readonly Timeline[],
): readonly Timeline[] {
  if (ids.length === 0) throw invalid('no-timeline', 'The id of a timeline is needed.')
  return [...new Set(ids)].map((id) => {
    const timeline = known.find((one) => one.id === id)
    if (timeline) return timeline
    throw forbidden('timeline-not-of-sketch', `Timeline ${id} is not one of the sketch.`, { timelineId: id })
  })
}

function refuseNames({ names }: AnalyzerRequest, analyzers: readonly AnyAnalyzer[]): DomainError {
  const asked = names.slice(0, 20).map((name) => JSON.stringify(name.slice(0, 100)))
  const there = analyzers.map(({ name }) => name).join(', ')
  return invalid('no-analyzer', `No analyzer is called ${asked.join(' or ')}; there are ${there}.`, {
    names: names.slice(0, 20),
  })
}

function requireRoom(wanted: number): void {
  if (wanted <= MAX_OPEN_ANALYSES) return
  throw new DomainError(
    'too-many',
    'too-many-analyses',
    `At most ${MAX_OPEN_ANALYSES} analyses can wait or run at once, ${wanted} would.`,
    { details: { limit: MAX_OPEN_ANALYSES, wanted } },
  )
}
