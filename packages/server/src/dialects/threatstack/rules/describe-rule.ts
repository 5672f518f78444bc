import type { ThreatStackRule } from '@timeskein/model/threatstack'
import { compileSigma, printQueryString } from '@timeskein/query/sigma'
import type { RuleWithText } from '../../../services/rules/rule-service.ts'
import { toIso } from '../wire/facts.ts'
import { ofLevel } from '../wire/severity.ts'
import { readOwnPart } from './rule-text.ts'

const DAY_SECONDS = 86_400

/** A rule of the library as version 2 tells it. One that came from elsewhere tells what it looks for as a query string. */
export function toRule(rule: RuleWithText, rulesetId: string): ThreatStackRule {
  const own = readOwnPart(rule.text).rule
  const about = {
    id: rule.uuid,
    rulesetId,
    enabled: rule.isEnabled,
    createdAt: toIso(rule.createdAtMs),
    updatedAt: toIso(rule.updatedAtMs),
  }
  if (own) return { ...own, ...about }
  return {
    ...about,
    name: rule.title,
    type: typeOf(rule),
    title: rule.title,
    severityOfAlerts: ofLevel(rule.level),
    alertDescription: rule.description,
    aggregateFields: [],
    filter: describeFilter(rule),
    // Hits of one host are put together by the day.
    window: DAY_SECONDS,
    threshold: 1,
    suppressions: [],
  }
}

/** What kind of rule it is called here. */
export function typeOf({ logSource }: Pick<RuleWithText, 'logSource'>): ThreatStackRule['type'] {
  const { product, category, service } = logSource
  if (product === 'threatstack') return TYPES[service ?? ''] ?? 'Host'
  if (service === 'cloudtrail') return 'CloudTrail'
  if (product === 'kubernetes') return 'KubernetesAudit'
  if (category?.startsWith('file_')) return 'File'
  return product === 'windows' ? 'Winsec' : 'Host'
}

const TYPES: Readonly<Record<string, ThreatStackRule['type'] | undefined>> = {
  file: 'File',
  host: 'Host',
  cloudtrail: 'CloudTrail',
  threatintel: 'ThreatIntel',
  winsec: 'Winsec',
  kubernetesaudit: 'KubernetesAudit',
  kubernetesconfig: 'KubernetesConfig',
}

/** What a rule looks for; a correlation, or a rule that cannot be run, looks for what no query string says. */
export function describeFilter({
  file,
  text,
  ordinal,
}: Pick<RuleWithText, 'file' | 'text' | 'ordinal'>): string {
  const own = readOwnPart(text).rule
  if (own) return own.filter
  const { rules } = compileSigma([{ file, text }])
  const expression = rules[ordinal]?.expression
  return expression ? printQueryString(expression) : ''
}
