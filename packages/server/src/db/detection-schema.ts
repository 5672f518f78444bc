import type { Generated } from 'kysely'

/** Tables of detection: the library of rules. */
export interface DetectionSchema {
  rules: RuleRow
  rule_versions: RuleVersionRow
  policies: PolicyRow
  policy_rules: { policy_id: number; rule_id: number }
}

/** A rule, correlation or filter of the library as its latest version says; the text is in `rule_versions`. */
export interface RuleRow {
  id: Generated<number>
  /** The rule's own id in lower case; made of its title and log source where it has none. */
  uuid: string
  kind: string
  title: string
  name: string | null
  description: string
  status: string | null
  level: string | null
  author: string
  product: string | null
  category: string | null
  service: string | null
  tags_json: string
  version: number
  /** `starter` or `added`. */
  origin: string
  /** Where it was read, as the caller named it. */
  file: string
  /** Why it cannot be run; null where it can. */
  problem_json: string | null
  is_enabled: number
  /** Null for rules of the starter set. */
  owner_id: number | null
  created_at_ms: number
  updated_at_ms: number
  deleted_at_ms: number | null
}

/** What a rule said, version by version. */
export interface RuleVersionRow {
  rule_id: number
  version: number
  text: string
  /** Which of the text's rules it is, from 0: a collection with actions is kept whole. */
  ordinal: number
  /** Null: the program itself. */
  user_id: number | null
  at_ms: number
}

/** A named set of rules. */
export interface PolicyRow {
  id: Generated<number>
  uuid: string
  name: string
  description: string
  owner_id: number | null
  created_at_ms: number
  updated_at_ms: number
}
