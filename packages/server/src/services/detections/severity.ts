import type { RuleLevel } from '@timeskein/query/sigma'

/** Severity (0 to 100) of alerts by the level of their rule. */
const SEVERITIES: Readonly<Record<RuleLevel, number>> = {
  informational: 10,
  low: 30,
  medium: 50,
  high: 70,
  critical: 90,
}

/** How severe an alert of a rule is; one without a level counts as medium. */
export function severityOf(level: RuleLevel | undefined): number {
  return SEVERITIES[level ?? 'medium']
}
