import type { RuleLevel, RuleStatus, SigmaProblem } from '@timeskein/query/sigma'
import type { Kysely, Selectable } from 'kysely'
import type { RuleRow } from '../../db/detection-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { chunk } from '../chunk.ts'
import { holdsText } from '../holds-text.ts'
import { loadOwners } from '../users/load-users.ts'
import type { Rule, RuleFilter, RuleKind, RuleOrigin, RuleText, RuleWithText } from './rule-service.ts'

/** Rows of rules that were not removed, in the order they came. */
export async function findRuleRows(
  db: Kysely<Schema>,
  filter: RuleFilter,
): Promise<readonly Selectable<RuleRow>[]> {
  let query = db.selectFrom('rules').selectAll().where('deleted_at_ms', 'is', null)
  if (filter.isEnabled !== undefined) query = query.where('is_enabled', '=', filter.isEnabled ? 1 : 0)
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind)
  else if (!filter.withPipelines) query = query.where('kind', '!=', 'pipeline')
  if (filter.level !== undefined) query = query.where('level', '=', filter.level)
  if (filter.afterId !== undefined) query = query.where('id', '>', filter.afterId)
  const { text } = filter
  if (text !== undefined)
    query = query.where(({ or }) =>
      or(['title', 'uuid', 'file', 'tags_json'].map((column) => holdsText(column, text))),
    )
  query = query.orderBy('id')
  if (filter.limit !== undefined) query = query.limit(filter.limit)
  return await query.execute()
}

/** Makes rules of rows. */
export async function toRules(
  db: Kysely<Schema>,
  rows: readonly Selectable<RuleRow>[],
): Promise<readonly Rule[]> {
  const owners = await loadOwners(db, rows)
  return rows.map((row) => ({
    id: row.id,
    uuid: row.uuid,
    kind: row.kind as RuleKind,
    title: row.title,
    name: row.name ?? undefined,
    description: row.description,
    status: (row.status ?? undefined) as RuleStatus | undefined,
    level: (row.level ?? undefined) as RuleLevel | undefined,
    author: row.author,
    logSource: {
      product: row.product ?? undefined,
      category: row.category ?? undefined,
      service: row.service ?? undefined,
    },
    tags: JSON.parse(row.tags_json) as string[],
    version: row.version,
    origin: row.origin as RuleOrigin,
    file: row.file,
    problem: row.problem_json === null ? undefined : (JSON.parse(row.problem_json) as SigmaProblem),
    isEnabled: row.is_enabled === 1,
    owner: row.owner_id === null ? undefined : owners.get(row.owner_id),
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}

/** Makes rules of rows, with the texts of their latest versions. */
export async function toRulesWithTexts(
  db: Kysely<Schema>,
  rows: readonly Selectable<RuleRow>[],
): Promise<readonly RuleWithText[]> {
  const texts = new Map<number, RuleText>()
  for (const some of chunk(rows)) {
    const found = await db
      .selectFrom('rule_versions')
      .innerJoin('rules', (join) =>
        join
          .onRef('rules.id', '=', 'rule_versions.rule_id')
          .onRef('rules.version', '=', 'rule_versions.version'),
      )
      .select(['rule_versions.rule_id', 'rule_versions.text', 'rule_versions.ordinal'])
      .where(
        'rule_versions.rule_id',
        'in',
        some.map(({ id }) => id),
      )
      .execute()
    for (const { rule_id, text, ordinal } of found) texts.set(rule_id, { text, ordinal })
  }
  const rules = await toRules(db, rows)
  return rules.flatMap((rule) => {
    const text = texts.get(rule.id)
    return text ? [{ ...rule, ...text }] : []
  })
}
