import {
  type ApiAlert,
  type ApiAlertDetail,
  type ApiIncident,
  type ApiIncidentDetail,
  type ApiNewSuppression,
  type ApiPolicy,
  type ApiPolicyChange,
  type ApiRule,
  type ApiRuleAdditions,
  type ApiRuleDetail,
  type ApiSuppression,
  formatIsoTime,
} from '@timeskein/model'
import type { Principal } from '../auth/principal.ts'
import type { Alert, NewSuppression, Suppression } from './alerts/alert-service.ts'
import { toApiRuleProblem } from './detections/to-report.ts'
import type { Finding, FindingChange, FindingComment } from './findings/finding.ts'
import type { Incident } from './incidents/incident-service.ts'
import type { Policy, PolicyChange } from './policies/policy-service.ts'
import type { Rule, RuleAdditions } from './rules/rule-service.ts'
import type { Services } from './services.ts'

// What the services of detection know in the words of the model's schemas: our own API sends it, the command line prints it.

/** A rule in the model's words. */
export function toApiRule(rule: Rule): ApiRule {
  const { product, category, service } = rule.logSource
  return {
    id: rule.uuid,
    kind: rule.kind,
    title: rule.title,
    description: rule.description,
    ...(rule.status === undefined ? {} : { status: rule.status }),
    ...(rule.level === undefined ? {} : { level: rule.level }),
    author: rule.author,
    logSource: {
      ...(product === undefined ? {} : { product }),
      ...(category === undefined ? {} : { category }),
      ...(service === undefined ? {} : { service }),
    },
    tags: [...rule.tags],
    isEnabled: rule.isEnabled,
    version: rule.version,
    origin: rule.origin,
    file: rule.file,
    ...(rule.owner === undefined ? {} : { owner: rule.owner.username }),
    ...(rule.problem === undefined ? {} : { problem: toApiRuleProblem(rule.problem) }),
    updatedAt: new Date(rule.updatedAtMs).toISOString(),
  }
}

/** A rule with its text and versions, in the model's words. */
export async function readApiRule(
  { rules }: Pick<Services, 'rules'>,
  principal: Principal,
  id: string,
): Promise<ApiRuleDetail> {
  const rule = await rules.get(principal, id)
  const versions = await rules.listVersions(principal, rule.uuid)
  return {
    ...toApiRule(rule),
    text: rule.text,
    versions: versions.map(({ version, atMs, username, text }) => ({
      version,
      at: new Date(atMs).toISOString(),
      ...(username === undefined ? {} : { user: username }),
      text,
    })),
  }
}

/** What became of added rules, in the model's words. */
export function toApiRuleAdditions(additions: RuleAdditions): ApiRuleAdditions {
  return {
    ...additions,
    failed: additions.failed.map(toApiRuleProblem),
    unsupported: additions.unsupported.map(toApiRuleProblem),
  }
}

/** A policy in the model's words. */
export function toApiPolicy(policy: Policy): ApiPolicy {
  return {
    id: policy.uuid,
    name: policy.name,
    description: policy.description,
    ...(policy.owner === undefined ? {} : { owner: policy.owner.username }),
    rules: [...policy.ruleUuids],
    updatedAt: new Date(policy.updatedAtMs).toISOString(),
  }
}

/** An alert in the model's words. */
export function toApiAlert(alert: Alert): ApiAlert {
  return {
    ...toApiFinding(alert),
    source: alert.source,
    ...(alert.ruleUuid === undefined ? {} : { rule: alert.ruleUuid }),
    ...(alert.timelineId === undefined ? {} : { timelineId: alert.timelineId }),
    ...(alert.incidentUid === undefined ? {} : { incident: alert.incidentUid }),
    count: alert.count,
    tags: [...alert.tags],
    group: { ...alert.group },
  }
}

/** An alert with all that is known of it, in the model's words. */
export async function readApiAlert(
  { alerts }: Pick<Services, 'alerts'>,
  principal: Principal,
  id: string,
): Promise<ApiAlertDetail> {
  const alert = await alerts.get(principal, id)
  return {
    ...toApiAlert(alert),
    description: alert.description,
    evidence: [...alert.evidence],
    details: { ...alert.details },
    ...toApiNotes(
      await alerts.listComments(principal, alert.uid),
      await alerts.listChanges(principal, alert.uid),
    ),
  }
}

/** An incident in the model's words. */
export function toApiIncident(incident: Incident): ApiIncident {
  return {
    ...toApiFinding(incident),
    risk: incident.risk,
    alerts: incident.alertCount,
    ...(incident.mergedIntoId === undefined ? {} : { mergedInto: incident.mergedIntoId }),
  }
}

/** An incident with all that is known of it, in the model's words. */
export async function readApiIncident(
  { incidents }: Pick<Services, 'incidents'>,
  principal: Principal,
  id: string,
): Promise<ApiIncidentDetail> {
  const incident = await incidents.get(principal, id)
  return {
    ...toApiIncident(incident),
    detections: incident.alerts.map(toApiAlert),
    ...toApiNotes(
      await incidents.listComments(principal, incident.uid),
      await incidents.listChanges(principal, incident.uid),
    ),
  }
}

function toApiFinding(finding: Finding): Omit<ApiIncident, 'risk' | 'alerts' | 'mergedInto'> {
  return {
    id: finding.id,
    uid: finding.uid,
    ...(finding.sketchId === undefined ? {} : { sketchId: finding.sketchId }),
    title: finding.title,
    severity: finding.severity,
    status: finding.status,
    ...(finding.resolution === undefined ? {} : { resolution: finding.resolution }),
    reason: finding.reason,
    ...(finding.assignee === undefined ? {} : { assignee: finding.assignee.username }),
    ...(finding.host === undefined ? {} : { host: finding.host }),
    ...(finding.account === undefined ? {} : { account: finding.account }),
    first: formatIsoTime(finding.firstUs),
    last: formatIsoTime(finding.lastUs),
    createdAt: new Date(finding.createdAtMs).toISOString(),
    updatedAt: new Date(finding.updatedAtMs).toISOString(),
    ...(finding.closedAtMs === undefined ? {} : { closedAt: new Date(finding.closedAtMs).toISOString() }),
    ...(finding.closedBy === undefined ? {} : { closedBy: finding.closedBy.username }),
  }
}

function toApiNotes(
  comments: readonly FindingComment[],
  changes: readonly FindingChange[],
): Pick<ApiAlertDetail, 'comments' | 'history'> {
  return {
    comments: comments.map(({ uid, atMs, username, text }) => ({
      id: uid,
      at: new Date(atMs).toISOString(),
      user: username,
      text,
    })),
    history: changes.map(({ atMs, username, action, details }) => ({
      at: new Date(atMs).toISOString(),
      user: username,
      action,
      details,
    })),
  }
}

/** A suppression as our API sends it. */
export function toApiSuppression(suppression: Suppression): ApiSuppression {
  const { uid, sketchId, ruleUuid, host, reason, createdAtMs, untilMs } = suppression
  return {
    id: uid,
    ...(sketchId === undefined ? {} : { sketchId }),
    ...(ruleUuid === undefined ? {} : { rule: ruleUuid }),
    ...(host === undefined ? {} : { host }),
    reason,
    createdAt: new Date(createdAtMs).toISOString(),
    ...(untilMs === undefined ? {} : { until: new Date(untilMs).toISOString() }),
  }
}

/** A suppression that somebody wishes for, as the service takes it. */
export function readNewSuppression(wish: ApiNewSuppression): NewSuppression {
  const { sketchId, rule, host, reason = '', until } = wish
  return {
    reason,
    ...(sketchId === undefined ? {} : { sketchId }),
    ...(rule === undefined ? {} : { ruleUuid: rule }),
    ...(host === undefined ? {} : { host }),
    ...(until === undefined ? {} : { untilMs: Date.parse(until) }),
  }
}

/** A change of a policy, as the service takes it. */
export function readPolicyChange({ name, description, rules }: ApiPolicyChange): PolicyChange {
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(rules === undefined ? {} : { ruleUuids: rules }),
  }
}
