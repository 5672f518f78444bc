import type { Kysely, Selectable } from 'kysely'
import type { AnalysisRow, AnalysisSessionRow } from '../../db/analysis-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { chunk } from '../chunk.ts'
import { findTimeline } from '../timelines/load-timelines.ts'
import type { Timeline } from '../timelines/timeline-service.ts'
import { loadOwners } from '../users/load-users.ts'
import type { Analysis, AnalysisSession, AnalysisStatus } from './analyzer-service.ts'

/** States of analyses that have not ended. */
export const OPEN_STATUSES: readonly AnalysisStatus[] = ['PENDING', 'STARTED']

/** Whether an analysis waits or runs. */
export function isOpenAnalysis({ status }: Pick<Analysis, 'status'>): boolean {
  return OPEN_STATUSES.includes(status)
}

/** Makes analyses of rows, in their order. */
export async function toAnalyses(
  db: Kysely<Schema>,
  rows: readonly Selectable<AnalysisRow>[],
): Promise<readonly Analysis[]> {
  const owners = await loadOwners(db, rows)
  const timelines = new Map<number, Timeline>()
  for (const id of new Set(rows.map((row) => row.timeline_id))) {
    const timeline = await findTimeline(db, id)
    if (timeline) timelines.set(id, timeline)
  }
  return rows.map((row) => ({
    id: row.id,
    sessionId: row.session_id,
    sketchId: row.sketch_id,
    // A foreign key takes analyses away with their timeline.
    timeline: timelines.get(row.timeline_id)!,
    owner: owners.get(row.owner_id),
    analyzer: row.analyzer,
    parametersJson: row.parameters_json,
    status: row.status as AnalysisStatus,
    statusChangedAtMs: row.status_changed_at_ms,
    result: row.result ?? undefined,
    log: row.log ?? undefined,
    markGroup: row.mark_group,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}

/** Makes sessions of rows, in their order, with their analyses. */
export async function toSessions(
  db: Kysely<Schema>,
  rows: readonly Selectable<AnalysisSessionRow>[],
): Promise<readonly AnalysisSession[]> {
  const owners = await loadOwners(db, rows)
  const analyses: Analysis[] = []
  for (const some of chunk(rows.map((row) => row.id))) {
    const own = await db
      .selectFrom('analyses')
      .selectAll()
      .where('session_id', 'in', some)
      .orderBy('id')
      .execute()
    analyses.push(...(await toAnalyses(db, own)))
  }
  const bySession = Map.groupBy(analyses, (analysis) => analysis.sessionId)
  return rows.map((row) => ({
    id: row.id,
    sketchId: row.sketch_id,
    owner: owners.get(row.owner_id),
    analyses: bySession.get(row.id) ?? [],
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}

/** Sessions by their ids, in the order of these; those that are gone are left out. */
export async function loadSessions(
  db: Kysely<Schema>,
  sessionIds: readonly number[],
): Promise<readonly AnalysisSession[]> {
  const rows: Selectable<AnalysisSessionRow>[] = []
  for (const some of chunk(sessionIds))
    rows.push(...(await db.selectFrom('analysis_sessions').selectAll().where('id', 'in', some).execute()))
  const place = new Map(sessionIds.map((id, at) => [id, at]))
  return await toSessions(
    db,
    rows.toSorted((a, b) => place.get(a.id)! - place.get(b.id)!),
  )
}
