/** Alerts further apart than this belong to different incidents, in microseconds: four hours. */
export const INCIDENT_GAP_US: number = 4 * 3600 * 1_000_000
/** What is less severe makes no incident and keeps none going; within one it is a detection as any other. */
export const MIN_SEVERITY = 40
/** One alert as severe as this is an incident by itself. */
export const ALONE_SEVERITY = 85

/** What grouping looks at, all of one host or account. */
export interface GroupedAlert {
  readonly id: number
  readonly firstUs: number
  readonly lastUs: number
  /** 0 to 100. */
  readonly severity: number
  /** Names the rule. */
  readonly rule: string
  readonly tags: readonly string[]
}

/** Alerts that are one incident, by the time of their first event. */
export interface AlertGroup<Of extends GroupedAlert = GroupedAlert> {
  readonly alerts: readonly Of[]
  readonly firstUs: number
  readonly lastUs: number
}

/**
 * Groups the alerts of one host or account to incidents: alerts of at least `MIN_SEVERITY` of which each begins at most
 * `INCIDENT_GAP_US` after all before it ended, when they come from two rules or more, or one is of at least `ALONE_SEVERITY`; and
 * the less severe ones that overlap them or lie at most so far from them.
 */
export function groupAlerts<Of extends GroupedAlert>(alerts: readonly Of[]): readonly AlertGroup<Of>[] {
  const sorted = alerts.toSorted((a, b) => a.firstUs - b.firstUs || a.id - b.id)
  const groups: { alerts: Of[]; firstUs: number; lastUs: number }[] = []
  for (const alert of sorted) {
    if (alert.severity < MIN_SEVERITY) continue
    const group = groups.at(-1)
    if (group && alert.firstUs - group.lastUs <= INCIDENT_GAP_US) {
      group.alerts.push(alert)
      group.lastUs = Math.max(group.lastUs, alert.lastUs)
    } else groups.push({ alerts: [alert], firstUs: alert.firstUs, lastUs: alert.lastUs })
  }
  return groups.filter(isIncident).map(({ alerts: members, firstUs, lastUs }) => {
    const lesser = sorted.filter(
      (alert) =>
        alert.severity < MIN_SEVERITY &&
        alert.firstUs <= lastUs + INCIDENT_GAP_US &&
        alert.lastUs >= firstUs - INCIDENT_GAP_US,
    )
    const all = [...members, ...lesser].toSorted((a, b) => a.firstUs - b.firstUs || a.id - b.id)
    return { alerts: all, firstUs, lastUs }
  })
}

function isIncident({ alerts }: Pick<AlertGroup, 'alerts'>): boolean {
  return (
    alerts.some(({ severity }) => severity >= ALONE_SEVERITY) ||
    new Set(alerts.map(({ rule }) => rule)).size > 1
  )
}

/** Points for each further rule, and for each further tactic, of an incident. */
const POINTS_PER_RULE = 3
const POINTS_PER_TACTIC = 5
/** A tactic of ATT&CK as a tag of Sigma: `attack.lateral-movement`; techniques, groups and software have numbers. */
const TACTIC = /^attack\.[a-z_-]+$/

/** How grave an incident is, 0 to 100: its highest severity, and some points for each further rule and tactic of ATT&CK. */
export function scoreRisk(alerts: readonly Pick<GroupedAlert, 'severity' | 'rule' | 'tags'>[]): number {
  const highest = Math.max(0, ...alerts.map(({ severity }) => severity))
  const grave = alerts.filter(({ severity }) => severity >= MIN_SEVERITY)
  const rules = new Set(grave.map(({ rule }) => rule)).size
  const tactics = new Set(grave.flatMap(({ tags }) => tags.filter((tag) => TACTIC.test(tag)))).size
  const more = POINTS_PER_RULE * Math.max(0, rules - 1) + POINTS_PER_TACTIC * Math.max(0, tactics - 1)
  return Math.min(100, highest + more)
}
