import type { RuleWithText } from '../../../services/rules/rule-service.ts'
import { modelDate, spacedDate } from './dates.ts'
import { marshalUser } from './user.ts'

/** What a rule without a status counts as. */
const DEFAULT_STATUS = 'experimental'

/** A rule as its row. */
export function marshalRuleRow(rule: RuleWithText, searchQuery: string): Record<string, unknown> {
  return {
    id: rule.id,
    rule_uuid: rule.uuid,
    title: rule.title,
    description: rule.description,
    query_string: searchQuery,
    rule_yaml: rule.text,
    user: marshalUser(rule.owner),
    created_at: modelDate(rule.createdAtMs),
    updated_at: modelDate(rule.updatedAtMs),
  }
}

/** A line of the list of rules. */
export function marshalRuleLine(rule: RuleWithText): Record<string, unknown> {
  return {
    id: rule.uuid,
    rule_uuid: rule.uuid,
    title: rule.title,
    description: rule.description,
    rule_yaml: rule.text,
    status: rule.status ?? DEFAULT_STATUS,
    created_at: spacedDate(rule.createdAtMs),
    updated_at: spacedDate(rule.updatedAtMs),
  }
}

/** A rule by its members. */
export function marshalRuleMembers(
  yaml: Readonly<Record<string, unknown>>,
  searchQuery: string,
): Record<string, unknown> {
  return { ...yaml, file_name: 'N/A', search_query: searchQuery }
}

/** A rule by its members, with the names that they had until 2022. */
export function marshalOlderRule(
  yaml: Readonly<Record<string, unknown>>,
  searchQuery: string,
): Record<string, unknown> {
  return { ...yaml, es_query: searchQuery, file_name: 'N/A', file_relpath: 'N/A' }
}
