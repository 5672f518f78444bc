import type { Kysely, Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { RuleRow } from '../../db/detection-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { chunk } from '../chunk.ts'
import type { ServiceContext } from '../service-context.ts'
import type { RuleChanges } from './rule-service.ts'
import { mayChange, notOwnRule, storeRules } from './store-rules.ts'

/** See `RuleService.changeTogether`. */
export async function changeRules(
  { db, audit, now }: Pick<ServiceContext, 'db' | 'audit' | 'now'>,
  principal: Principal,
  { rules = [], enabled, removed = [] }: RuleChanges,
  also: (transaction: Kysely<Schema>) => Promise<void> = async () => undefined,
): Promise<void> {
  const nowMs = now()
  const told = await db.transaction().execute(async (transaction) => {
    const { added, updated, restored, failed } = await storeRules(transaction, rules, {
      principal,
      origin: 'added',
      isEnabled: true,
      nowMs,
    })
    const [refused] = failed
    if (refused)
      throw notOwnRule(rules.find(({ document }) => document.meta.title === refused.rule)?.uuid ?? '')
    const notes = [
      ...added.map((uuid) => ({ action: 'rule.create', uuid })),
      ...[...updated, ...restored].map((uuid) => ({ action: 'rule.update', uuid })),
    ]
    if (enabled) {
      const { uuids, isEnabled } = enabled
      const wanted = isEnabled ? 1 : 0
      const rows = await requireOwnRows(transaction, principal, uuids)
      for (const { id, uuid } of rows.filter((row) => row.is_enabled !== wanted)) {
        const change = { is_enabled: wanted, updated_at_ms: nowMs }
        await transaction.updateTable('rules').set(change).where('id', '=', id).execute()
        notes.push({ action: isEnabled ? 'rule.enable' : 'rule.disable', uuid })
      }
    }
    for (const { id, uuid } of await requireOwnRows(transaction, principal, removed)) {
      const change = { deleted_at_ms: nowMs, updated_at_ms: nowMs }
      await transaction.updateTable('rules').set(change).where('id', '=', id).execute()
      notes.push({ action: 'rule.delete', uuid })
    }
    await also(transaction)
    return notes
  })
  for (const { action, uuid } of told) await audit.record(principal, { action, subject: `rule/${uuid}` })
}

async function requireOwnRows(
  db: Kysely<Schema>,
  principal: Principal,
  uuids: readonly string[],
): Promise<readonly Selectable<RuleRow>[]> {
  const rows: Selectable<RuleRow>[] = []
  for (const some of chunk(uuids))
    rows.push(
      ...(await db
        .selectFrom('rules')
        .selectAll()
        .where('uuid', 'in', some)
        .where('deleted_at_ms', 'is', null)
        .execute()),
    )
  const foreign = rows.find((row) => !mayChange(principal, row))
  if (foreign) throw notOwnRule(foreign.uuid)
  return rows
}
