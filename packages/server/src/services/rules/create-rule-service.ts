import type { Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { RuleRow } from '../../db/detection-schema.ts'
import { conflict, invalid, notFound } from '../../errors/domain-error.ts'
import type { ServiceContext } from '../service-context.ts'
import { loadUsers } from '../users/load-users.ts'
import { addRules } from './add-rules.ts'
import { changeRules } from './change-rules.ts'
import { findRuleRows, toRules, toRulesWithTexts } from './load-rules.ts'
import { readOneRule } from './read-one-rule.ts'
import type { ReadRule } from './read-rules.ts'
import type { RuleService, RuleWithText } from './rule-service.ts'
import { mayChange, notOwnRule, storeRules } from './store-rules.ts'

/** Longest id that a message repeats. */
const MAX_TOLD_ID = 128

/** The library of rules, kept in the metadata database. */
export function createRuleService(context: ServiceContext): RuleService {
  const { db, audit } = context

  const findRow = async (uuid: string): Promise<Selectable<RuleRow> | undefined> =>
    await db
      .selectFrom('rules')
      .selectAll()
      .where('uuid', '=', uuid.trim().toLowerCase())
      .where('deleted_at_ms', 'is', null)
      .executeTakeFirst()
  const requireRow = async (uuid: string): Promise<Selectable<RuleRow>> => {
    const row = await findRow(uuid)
    if (!row) throw notFound('rule', uuid.slice(0, MAX_TOLD_ID))
    return row
  }
  const requireOwnRow = async (principal: Principal, uuid: string): Promise<Selectable<RuleRow>> => {
    const row = await requireRow(uuid)
    if (!mayChange(principal, row)) throw notOwnRule(row.uuid)
    return row
  }
  const get = async (uuid: string): Promise<RuleWithText> =>
    (await toRulesWithTexts(db, [await requireRow(uuid)]))[0]!
  const store = async (principal: Principal, rule: ReadRule): Promise<void> => {
    await db.transaction().execute((transaction) =>
      storeRules(transaction, [rule], {
        principal,
        origin: 'added',
        isEnabled: true,
        nowMs: context.now(),
      }),
    )
  }

  return {
    async list(_principal, filter = {}) {
      return await toRules(db, await findRuleRows(db, filter))
    },
    async listWithTexts(_principal, filter = {}) {
      return await toRulesWithTexts(db, await findRuleRows(db, filter))
    },
    get: (_principal, uuid) => get(uuid),
    async listVersions(_principal, uuid) {
      const row = await requireRow(uuid)
      const versions = await db
        .selectFrom('rule_versions')
        .selectAll()
        .where('rule_id', '=', row.id)
        .orderBy('version', 'desc')
        .execute()
      const users = await loadUsers(
        db,
        versions.map((version) => version.user_id),
      )
      return versions.map(({ version, text, ordinal, user_id, at_ms }) => ({
        version,
        text,
        ordinal,
        atMs: at_ms,
        username: user_id === null ? undefined : users.get(user_id)?.username,
      }))
    },
    async add(principal, sources, { isEnabled = true, signal } = {}) {
      const { changedUuids: _, ...additions } = await addRules(
        context,
        sources,
        { principal, origin: 'added', isEnabled, nowMs: context.now() },
        signal,
      )
      const { files, rules, added, updated, restored, failed } = additions
      await audit.record(principal, {
        action: 'rule.add',
        subject: 'rules',
        details: { files, rules, added, updated, restored, failed: failed.length },
      })
      return additions
    },
    async create(principal, text) {
      const rule = await readOneRule(text)
      requireKind('rule', rule)
      if (await findRow(rule.uuid))
        throw conflict('rule-exists', `There is a rule ${rule.uuid} already.`, { id: rule.uuid })
      await store(principal, rule)
      await audit.record(principal, {
        action: 'rule.create',
        subject: `rule/${rule.uuid}`,
        details: { title: rule.document.meta.title },
      })
      return await get(rule.uuid)
    },
    async replace(principal, uuid, text) {
      const before = await requireOwnRow(principal, uuid)
      const rule = await readOneRule(text)
      requireKind(before.kind, rule)
      if (before.kind === 'pipeline' && !principal.isAdmin) throw notOwnRule(before.uuid)
      if (rule.uuid !== before.uuid && rule.document.meta.id !== undefined)
        throw invalid(
          'rule-id-mismatch',
          `A text of the rule ${before.uuid} was expected, found one of the rule ${rule.uuid.slice(0, MAX_TOLD_ID)}.`,
          { expected: before.uuid, found: rule.uuid.slice(0, MAX_TOLD_ID) },
        )
      await store(principal, { ...rule, uuid: before.uuid })
      const after = await get(before.uuid)
      if (after.version !== before.version)
        await audit.record(principal, {
          action: 'rule.update',
          subject: `rule/${before.uuid}`,
          details: { title: after.title, version: after.version },
        })
      return after
    },
    changeTogether: (principal, changes, also) => changeRules(context, principal, changes, also),
    async setEnabled(principal, uuid, isEnabled) {
      const row = await requireOwnRow(principal, uuid)
      if ((row.is_enabled === 1) !== isEnabled) {
        await db
          .updateTable('rules')
          .set({ is_enabled: isEnabled ? 1 : 0, updated_at_ms: context.now() })
          .where('id', '=', row.id)
          .execute()
        await audit.record(principal, {
          action: isEnabled ? 'rule.enable' : 'rule.disable',
          subject: `rule/${row.uuid}`,
          details: { title: row.title },
        })
      }
      return (await toRules(db, [await requireRow(row.uuid)]))[0]!
    },
    async remove(principal, uuid) {
      const row = await requireOwnRow(principal, uuid)
      const now = context.now()
      await db
        .updateTable('rules')
        .set({ deleted_at_ms: now, updated_at_ms: now })
        .where('id', '=', row.id)
        .execute()
      await audit.record(principal, {
        action: 'rule.delete',
        subject: `rule/${row.uuid}`,
        details: { title: row.title },
      })
    },
  }
}

/** A pipeline never becomes a rule, nor a rule a pipeline. */
function requireKind(expected: string, { document: { kind } }: ReadRule): void {
  if ((kind === 'pipeline') === (expected === 'pipeline')) return
  throw invalid('bad-rule', `A ${expected} was expected, found a ${kind}.`, { expected, found: kind })
}
