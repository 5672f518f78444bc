import type { DetectReport, DetectRule } from '@timeskein/analyze'
import { type ApiDetectionReport, type ApiRuleProblem, formatIsoTime } from '@timeskein/model'
import type { SigmaProblem } from '@timeskein/query/sigma'
import type { StoredAlerts } from '../alerts/alert-service.ts'

/** What a run was, beside what the engine says of it. */
export interface RunFacts extends Pick<ApiDetectionReport, 'sketchId' | 'mode'> {
  readonly uid: string
  readonly atMs: number
  readonly storeSeconds: number
  readonly stored: StoredAlerts
}

/** A run's report in the model's words. */
export function toDetectionReport(report: DetectReport, facts: RunFacts): ApiDetectionReport {
  const { stored, mode, sketchId } = facts
  const unmatched: Record<string, number> = {}
  for (const { reason } of report.unmatched) unmatched[reason] = (unmatched[reason] ?? 0) + 1
  return {
    ...(mode === 'dry-run' ? {} : { run: facts.uid }),
    sketchId,
    at: new Date(facts.atMs).toISOString(),
    mode,
    events: report.events,
    rules: report.rules,
    seconds: round(report.seconds + facts.storeSeconds),
    hits: report.hits,
    hitEvents: report.hitEvents,
    matched: report.matched.map((rule) => ({
      ...nameRule(rule),
      kind: rule.kind,
      hits: rule.hits,
      seconds: round(rule.seconds),
      first: formatIsoTime(rule.firstUs),
      last: formatIsoTime(rule.lastUs),
      hosts: [...rule.hosts],
      hostCount: rule.hostCount,
      tags: [...rule.tags],
      matchesEverything: rule.matchesEverything,
      isReported: rule.isReported,
    })),
    unmatched,
    unmatchedRules: report.unmatched.map((rule) => ({
      ...nameRule(rule),
      reason: rule.reason,
      detail: rule.detail,
    })),
    unsupported: report.unsupported.map(toApiRuleProblem),
    warnings: report.warnings.map(toApiRuleProblem),
    slow: report.slow.map((rule) => ({
      ...nameRule(rule),
      seconds: round(rule.seconds),
      timesMean: round(rule.timesMean),
      why: rule.why,
    })),
    logSources: report.logSources.map(({ category, product, service, ...counts }) => ({
      ...(category === undefined ? {} : { category }),
      ...(product === undefined ? {} : { product }),
      ...(service === undefined ? {} : { service }),
      ...counts,
    })),
    techniques: [...report.techniques],
    steps: [
      ...report.steps.map(({ name, seconds }) => ({ name, seconds: round(seconds) })),
      ...(mode === 'dry-run' ? [] : [{ name: 'store', seconds: round(facts.storeSeconds) }]),
    ],
    alerts: {
      created: stored.created,
      updated: stored.updated,
      unchanged: stored.unchanged,
      suppressed: stored.suppressed,
    },
    incidents: stored.incidents,
  }
}

/** A rule's problem in the model's words. */
export function toApiRuleProblem({ file, line, column, rule, code, reason }: SigmaProblem): ApiRuleProblem {
  return { file, line, column, ...(rule === undefined ? {} : { rule }), code, reason }
}

function nameRule({
  id,
  key,
  title,
  level,
}: DetectRule): Pick<ApiDetectionReport['matched'][number], 'id' | 'title' | 'level'> {
  return { id: id ?? key, title, level: level ?? null }
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
