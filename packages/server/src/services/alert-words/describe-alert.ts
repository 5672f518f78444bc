import {
  type SekoiaAlert,
  type SekoiaAlertStatus,
  type SekoiaRule,
  sekoiaAlertSchema,
} from '@timeskein/model/sekoia'
import { z } from 'zod'
import type { AlertContext } from '../alert-context/alert-context-service.ts'
import type { Alert } from '../alerts/alert-service.ts'
import type { CatalogueRule } from '../rule-catalogue/rule-catalogue-service.ts'
import { STATUS_NAMES } from './alert-status-names.ts'
import { findAlertType, USUAL_ALERT_TYPE } from './alert-types.ts'
import { tellSekoiaIds } from './sekoia-ids.ts'

const { uuid, name, description, severity, type, pattern } = sekoiaAlertSchema.shape.rule.unwrap().shape
/** Each member by itself: one that is not as the platform says keeps no other back. */
const toldRuleSchema = z.object({
  uuid: uuid.optional().catch(undefined),
  name: name.optional().catch(undefined),
  description: description.optional().catch(undefined),
  severity: severity.optional().catch(undefined),
  type: type.optional().catch(undefined),
  pattern: pattern.optional().catch(undefined),
})

/** What Sekoia.io's API and its language say of an alert in the same words. Durations are whole seconds since the alert was made. */
export interface AlertWords
  extends Pick<
    SekoiaAlert,
    | 'uuid'
    | 'short_id'
    | 'alert_type'
    | 'rule'
    | 'detection_type'
    | 'time_to_detect'
    | 'time_to_acknowledge'
    | 'time_to_respond'
    | 'time_to_resolve'
  > {
  readonly status: SekoiaAlertStatus
}

/** An alert in these words. @param rule - As the library has it; undefined where it is not there. */
export function describeAlert(
  alert: Alert,
  { rule, context }: { readonly rule: CatalogueRule | undefined; readonly context: AlertContext },
): AlertWords {
  const { facts, turns } = context
  const { uuid, shortId } = tellSekoiaIds(alert)
  const type = findAlertType(
    typeof rule?.details['alert_type_uuid'] === 'string' ? rule.details['alert_type_uuid'] : USUAL_ALERT_TYPE,
  )
  const told = {
    ...readTold(alert, 'alert_type'),
    ...(facts.type === undefined ? {} : { value: facts.type }),
  }
  const since = (ms: number | undefined): number | null =>
    ms === undefined ? null : Math.max(0, toSeconds(ms - alert.createdAtMs))
  return {
    uuid,
    short_id: shortId,
    alert_type: {
      category: facts.category ?? told.category ?? type.category,
      value: told.value ?? type.value,
    },
    rule: readToldRule(alert, rule) ?? (rule ? tellRule(rule) : null),
    detection_type: readTold(alert, 'detection_type') ?? nameDetection(alert, rule),
    status: STATUS_NAMES[alert.status],
    time_to_detect:
      readTold(alert, 'time_to_detect') ??
      Math.max(0, toSeconds(alert.createdAtMs) - Number(alert.firstUs / 1_000_000n)),
    time_to_acknowledge: readTold(alert, 'time_to_acknowledge') ?? since(turns.acknowledgedAtMs),
    time_to_respond: readTold(alert, 'time_to_respond') ?? since(turns.respondedAtMs),
    time_to_resolve: readTold(alert, 'time_to_resolve') ?? since(alert.closedAtMs),
  }
}

/** What an alert that came from Sekoia.io says itself; undefined of others, and of what nobody there would understand. */
export function readTold<Name extends keyof typeof sekoiaAlertSchema.shape>(
  { source, details }: Pick<Alert, 'source' | 'details'>,
  name: Name,
): SekoiaAlert[Name] | undefined {
  if (source !== 'sekoia' || details[name] === undefined || details[name] === null) return undefined
  const { success, data } = sekoiaAlertSchema.shape[name].safeParse(details[name])
  return success ? (data as SekoiaAlert[Name]) : undefined
}

/** Members of the rule that an alert of Sekoia.io names; those that it leaves out, as the library has them. */
function readToldRule(alert: Alert, rule: CatalogueRule | undefined): SekoiaAlert['rule'] | undefined {
  const told = toldRuleSchema.safeParse(alert.source === 'sekoia' ? alert.details['rule'] : undefined).data
  const known = rule ? tellRule(rule) : undefined
  const uuid = told?.uuid ?? known?.uuid
  if (told === undefined || uuid === undefined) return undefined
  return {
    uuid,
    name: told.name ?? known?.name ?? '',
    description: told.description ?? known?.description ?? '',
    severity: told.severity ?? known?.severity ?? alert.severity,
    type: told.type ?? known?.type ?? '',
    pattern: told.pattern ?? known?.pattern ?? '',
  }
}

/** What kind of rule it is: as its maker said, else by what it is made of. */
export function nameRuleKind({ rule, details }: Pick<CatalogueRule, 'rule' | 'details'>): SekoiaRule['type'] {
  // What is kept is what a draft of the API said, which its schema let through.
  const told = details['type'] as SekoiaRule['type'] | undefined
  return told ?? (rule.kind === 'correlation' ? 'correlation' : 'sigma')
}

function tellRule(one: CatalogueRule): SekoiaAlert['rule'] {
  const { rule, severity, payload } = one
  const { uuid, title: name, description } = rule
  return { uuid, name, description, severity, type: nameRuleKind(one), pattern: payload }
}

/** How an alert was found. */
function nameDetection({ source }: Alert, found: CatalogueRule | undefined): string {
  if (found?.rule.kind === 'correlation') return 'Sigma Correlation'
  return source === 'detection' || found ? 'Sigma' : 'CTI'
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000)
}
