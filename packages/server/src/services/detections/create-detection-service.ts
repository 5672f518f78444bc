import type { RuleSet } from '@timeskein/analyze'
import type { ApiDetectionReport } from '@timeskein/model'
import type { SigmaSource } from '@timeskein/query/sigma'
import type { Kysely, Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { DetectionRunRow } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { forbidden, notFound } from '../../errors/domain-error.ts'
import { noteChange } from '../changes/note-change.ts'
import { resolveScope } from '../explore/resolve-scope.ts'
import type { PolicyService } from '../policies/policy-service.ts'
import type { ServiceContext } from '../service-context.ts'
import { loadUsers } from '../users/load-users.ts'
import type { DetectionRun, DetectionService } from './detection-service.ts'
import type { LibraryRules } from './library-rules.ts'
import { type LiveDetection, nameDetectionTurn } from './live-detection.ts'
import { type DetectEngine, runDetection } from './run-detection.ts'
import { findSketchDetection, saveLive, WHOLE_SKETCH } from './sketch-detection.ts'

const PIPELINES_NEED_ADMIN =
  'Processing pipelines change what all rules ask; only an administrator may give some to a run.'

/** Detection, with its runs kept in the metadata database. */
export function createDetectionService(
  context: ServiceContext,
  parts: {
    readonly engine: DetectEngine
    readonly library: LibraryRules
    readonly live: LiveDetection
    readonly policies: PolicyService
  },
): DetectionService {
  const { db, access, audit } = context
  const { engine, library, live, policies } = parts
  const readSources = async (
    { isAdmin }: Principal,
    sources: readonly SigmaSource[],
    signal?: AbortSignal,
  ): Promise<RuleSet> => {
    const { readRuleSources } = await import('./rule-sets.ts')
    return await readRuleSources(sources, { kept: await library.loadPipelines(), mayGive: isAdmin }, signal)
  }
  return {
    async run(principal, request) {
      const {
        sketchId,
        selection,
        sources,
        policyUuid,
        pipelines,
        isDryRun = false,
        signal,
        onProgress,
      } = request
      if (isDryRun) await access.requireSketch(principal, sketchId, 'read')
      else await access.requireOpenSketch(principal, sketchId, 'write')
      if (pipelines && !principal.isAdmin) throw forbidden('pipelines-need-admin', PIPELINES_NEED_ADMIN)
      const only =
        policyUuid === undefined ? undefined : new Set((await policies.get(principal, policyUuid)).ruleUuids)
      return await context.turns.take(nameDetectionTurn(sketchId), async () => {
        const { scope } = await resolveScope(context, sketchId, selection ?? WHOLE_SKETCH)
        return await runDetection(context, engine, principal, {
          sketchId,
          scope,
          rules: withPipelines(
            sources ? await readSources(principal, sources, signal) : await library.load(only),
            pipelines,
          ),
          mode: isDryRun ? 'dry-run' : 'run',
          isWhole: !sources && !only && !pipelines && selection === undefined,
          ...(signal === undefined ? {} : { signal }),
          ...(onProgress === undefined ? {} : { onProgress }),
        })
      })
    },
    async listRuns(principal, sketchId) {
      await access.requireSketch(principal, sketchId, 'read')
      const rows = await db
        .selectFrom('detection_runs')
        .selectAll()
        .where('sketch_id', '=', sketchId)
        .orderBy('id', 'desc')
        .execute()
      return await toRuns(db, rows)
    },
    async getRun(principal, sketchId, uid) {
      await access.requireSketch(principal, sketchId, 'read')
      let query = db.selectFrom('detection_runs').selectAll().where('sketch_id', '=', sketchId)
      if (uid !== 'latest') query = query.where('uid', '=', uid.toLowerCase())
      const row = await query.orderBy('id', 'desc').limit(1).executeTakeFirst()
      if (!row) throw notFound('detection run', uid.slice(0, 64))
      return (await toRuns(db, [row]))[0]!
    },
    async isLive(principal, sketchId) {
      await access.requireSketch(principal, sketchId, 'read')
      return (await findSketchDetection(db, sketchId)).isLive
    },
    async setLive(principal, sketchId, isLive) {
      await access.requireOpenSketch(principal, sketchId, 'write')
      if ((await findSketchDetection(db, sketchId)).isLive === isLive) return
      await saveLive(db, sketchId, isLive)
      await audit.record(principal, {
        action: isLive ? 'detection.on' : 'detection.off',
        subject: `sketch/${sketchId}`,
        sketchId,
      })
      await noteChange(context, sketchId, 'sketch')
    },
    async waitForLive(principal, sketchId, signal) {
      await access.requireSketch(principal, sketchId, 'read')
      return await live.wait(sketchId, signal)
    },
  }
}

/** A set with some pipelines more; its documents are not unpacked for that. */
function withPipelines(rules: RuleSet, more: readonly SigmaSource[] | undefined): RuleSet {
  if (!more) return rules
  const { problems, hash, pipelines = [] } = rules
  return {
    get documents() {
      return rules.documents
    },
    problems,
    pipelines: [...pipelines, ...more],
    ...(hash === undefined ? {} : { hash }),
  }
}

async function toRuns(
  db: Kysely<Schema>,
  rows: readonly Selectable<DetectionRunRow>[],
): Promise<readonly DetectionRun[]> {
  const users = await loadUsers(
    db,
    rows.map(({ user_id }) => user_id),
  )
  return rows.map((row) => ({
    uid: row.uid,
    mode: row.mode as DetectionRun['mode'],
    atMs: row.started_at_ms,
    username: row.user_id === null ? undefined : users.get(row.user_id)?.username,
    report: JSON.parse(row.report_json) as ApiDetectionReport,
  }))
}
