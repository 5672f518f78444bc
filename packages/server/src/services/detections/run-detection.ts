import { randomUUID } from 'node:crypto'
import type { DetectPosition, DetectReport, DetectRequest, HitSink, RuleSet } from '@timeskein/analyze'
import type { ApiDetectionReport } from '@timeskein/model'
import type { EventStore, Scope } from '@timeskein/store'
import type { Kysely } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import type { StoredAlerts } from '../alerts/alert-service.ts'
import { storeFindings } from '../alerts/store-findings.ts'
import { noteChange } from '../changes/note-change.ts'
import { tagRows } from '../marks/tag-rows.ts'
import type { ServiceContext } from '../service-context.ts'
import { HitCollector } from './hit-collector.ts'
import { forgetOvertakenPosition, savePosition } from './sketch-detection.ts'
import { toDetectionReport } from './to-report.ts'

/** What finds hits. */
export type DetectEngine = (
  store: EventStore,
  request: DetectRequest,
  onHits: HitSink,
) => Promise<DetectReport>

/** A run, made ready. */
export interface PreparedRun {
  readonly sketchId: number
  readonly scope: Scope
  readonly rules: RuleSet
  readonly mode: ApiDetectionReport['mode']
  /** Of a live run: what was looked at before. */
  readonly since?: DetectPosition
  /** The run looks at all of the sketch with the rules of the library: the next live one goes on behind it. */
  readonly isWhole: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: NonNullable<DetectRequest['onProgress']>
}

/** Runs kept of a sketch. */
const MAX_KEPT_RUNS = 20
const NOTHING_STORED: StoredAlerts = {
  created: 0,
  updated: 0,
  unchanged: 0,
  suppressed: 0,
  incidents: { created: 0, updated: 0, reopened: 0 },
}

/** Carries out a run: finds hits, tags their events, and brings alerts and incidents up to date. */
export async function runDetection(
  context: ServiceContext,
  engine: DetectEngine,
  principal: Principal,
  run: PreparedRun,
): Promise<ApiDetectionReport> {
  const { sketchId, scope, rules, mode, since, signal, onProgress } = run
  const atMs = context.now()
  const uid = randomUUID()
  const collector = new HitCollector(sketchId)
  const found = await engine(
    context.store,
    {
      scope,
      rules,
      ...(since === undefined ? {} : { since }),
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    },
    (hits) => {
      if (mode !== 'dry-run') collector.add(hits)
    },
  )
  if (mode === 'dry-run')
    return toDetectionReport(found, { uid, atMs, sketchId, mode, storeSeconds: 0, stored: NOTHING_STORED })

  const startMs = performance.now()
  const reported = found.matched.filter(({ isReported }) => isReported).length
  await tagRows(context, principal, sketchId, {
    scope,
    tags: collector.listTags(),
    told: `hits of ${reported} ${reported === 1 ? 'rule' : 'rules'}`,
    foundBy: 'Sigma detection',
    matched: found.hitEvents,
    ...(signal === undefined ? {} : { signal }),
  })
  const drafts = collector.listAlerts()
  const report = await context.db.transaction().execute(async (transaction) => {
    const stored = await storeFindings(transaction, drafts, {
      mode: since === undefined || Object.keys(since).length === 0 ? 'whole' : 'more',
      nowMs: atMs,
    })
    if (run.isWhole) await savePosition(transaction, sketchId, found.position)
    else await forgetOvertakenPosition(transaction, sketchId, found.position)
    const storeSeconds = (performance.now() - startMs) / 1000
    const made = toDetectionReport(found, { uid, atMs, sketchId, mode, storeSeconds, stored })
    await keepRun(transaction, { uid, sketchId, mode, atMs, endMs: context.now() }, principal, made)
    return made
  })
  await tellOthers(context, principal, report)
  return report
}

async function keepRun(
  db: Kysely<Schema>,
  run: {
    readonly uid: string
    readonly sketchId: number
    readonly mode: string
    readonly atMs: number
    readonly endMs: number
  },
  principal: Principal,
  report: ApiDetectionReport,
): Promise<void> {
  const { uid, sketchId, mode, atMs, endMs } = run
  await db
    .insertInto('detection_runs')
    .values({
      uid,
      sketch_id: sketchId,
      user_id: principal.userId,
      mode,
      started_at_ms: atMs,
      ended_at_ms: endMs,
      report_json: JSON.stringify(report),
    })
    .execute()
  const oldest = await db
    .selectFrom('detection_runs')
    .select('id')
    .where('sketch_id', '=', sketchId)
    .orderBy('id', 'desc')
    .offset(MAX_KEPT_RUNS)
    .limit(1)
    .executeTakeFirst()
  if (oldest)
    await db
      .deleteFrom('detection_runs')
      .where('sketch_id', '=', sketchId)
      .where('id', '<=', oldest.id)
      .execute()
}

/** What a live run that found nothing did is of no interest. */
async function tellOthers(
  context: ServiceContext,
  principal: Principal,
  report: ApiDetectionReport,
): Promise<void> {
  const { sketchId, mode, rules, hits, alerts, incidents } = report
  if (mode === 'live' && hits === 0) return
  await context.audit.record(principal, {
    action: 'detection.run',
    subject: `sketch/${sketchId}`,
    sketchId,
    details: { run: report.run, mode, rules, hits, alerts: alerts.created, incidents: incidents.created },
  })
  await noteChange(context, sketchId, 'alerts', { run: report.run })
}
