import { randomUUID } from 'node:crypto'
import type { Kysely, Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { PolicyRow } from '../../db/detection-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { conflict, forbidden, notFound } from '../../errors/domain-error.ts'
import { chunk } from '../chunk.ts'
import { compareTexts } from '../compare-texts.ts'
import { requireName } from '../names.ts'
import type { ServiceContext } from '../service-context.ts'
import { loadOwners } from '../users/load-users.ts'
import type { Policy, PolicyService } from './policy-service.ts'

/** Policies, kept in the metadata database. */
export function createPolicyService(context: ServiceContext): PolicyService {
  const { db, audit } = context

  const requireRow = async (uuid: string): Promise<Selectable<PolicyRow>> => {
    const row = await db
      .selectFrom('policies')
      .selectAll()
      .where('uuid', '=', uuid.toLowerCase())
      .executeTakeFirst()
    if (!row) throw notFound('policy', uuid.slice(0, 128))
    return row
  }
  const requireOwnRow = async (principal: Principal, uuid: string): Promise<Selectable<PolicyRow>> => {
    const row = await requireRow(uuid)
    if (!principal.isAdmin && row.owner_id !== principal.userId)
      throw forbidden('not-own-policy', `The policy ${row.name} was made by somebody else.`)
    return row
  }
  const get = async (uuid: string): Promise<Policy> => (await toPolicies(db, [await requireRow(uuid)]))[0]!
  const requireFreeName = async (name: string, except?: number): Promise<void> => {
    requireName('policy', name)
    const other = await db.selectFrom('policies').select('id').where('name', '=', name).executeTakeFirst()
    if (other && other.id !== except)
      throw conflict('policy-exists', `There is a policy of the name ${name} already.`, { name })
  }

  return {
    async list() {
      const policies = await toPolicies(db, await db.selectFrom('policies').selectAll().execute())
      return policies.toSorted((a, b) => compareTexts(a.name.toLowerCase(), b.name.toLowerCase()))
    },
    get: (_principal, uuid) => get(uuid),
    async create(principal, { name, description = '', ruleUuids = [] }) {
      await requireFreeName(name)
      const ruleIds = await findRuleIds(db, ruleUuids)
      const now = context.now()
      const uuid = randomUUID()
      await db.transaction().execute(async (transaction) => {
        const { id } = await transaction
          .insertInto('policies')
          .values({
            uuid,
            name,
            description,
            owner_id: principal.userId,
            created_at_ms: now,
            updated_at_ms: now,
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        await putRules(transaction, id, ruleIds)
      })
      await audit.record(principal, {
        action: 'policy.create',
        subject: `policy/${uuid}`,
        details: { name, rules: ruleIds.length },
      })
      return await get(uuid)
    },
    async update(principal, uuid, { name, description, ruleUuids }) {
      const before = await requireOwnRow(principal, uuid)
      if (name !== undefined) await requireFreeName(name, before.id)
      const ruleIds = ruleUuids && (await findRuleIds(db, ruleUuids))
      await db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('policies')
          .set({
            updated_at_ms: context.now(),
            ...(name === undefined ? {} : { name }),
            ...(description === undefined ? {} : { description }),
          })
          .where('id', '=', before.id)
          .execute()
        if (ruleIds) await putRules(transaction, before.id, ruleIds)
      })
      await audit.record(principal, {
        action: 'policy.update',
        subject: `policy/${before.uuid}`,
        details: { name: name ?? before.name, ...(ruleIds ? { rules: ruleIds.length } : {}) },
      })
      return await get(before.uuid)
    },
    async delete(principal, uuid) {
      const row = await requireOwnRow(principal, uuid)
      await db.deleteFrom('policies').where('id', '=', row.id).execute()
      await audit.record(principal, {
        action: 'policy.delete',
        subject: `policy/${row.uuid}`,
        details: { name: row.name },
      })
    },
  }
}

async function findRuleIds(db: Kysely<Schema>, uuids: readonly string[]): Promise<readonly number[]> {
  const wanted = new Set(uuids.map((uuid) => uuid.trim().toLowerCase()))
  const found = new Map<string, number>()
  for (const some of chunk([...wanted])) {
    const rows = await db
      .selectFrom('rules')
      .select(['id', 'uuid'])
      .where('uuid', 'in', some)
      .where('kind', '!=', 'pipeline')
      .where('deleted_at_ms', 'is', null)
      .execute()
    for (const { id, uuid } of rows) found.set(uuid, id)
  }
  for (const uuid of wanted) if (!found.has(uuid)) throw notFound('rule', uuid.slice(0, 128))
  return [...found.values()]
}

async function putRules(db: Kysely<Schema>, policyId: number, ruleIds: readonly number[]): Promise<void> {
  await db.deleteFrom('policy_rules').where('policy_id', '=', policyId).execute()
  for (const some of chunk(ruleIds))
    await db
      .insertInto('policy_rules')
      .values(some.map((ruleId) => ({ policy_id: policyId, rule_id: ruleId })))
      .execute()
}

async function toPolicies(
  db: Kysely<Schema>,
  rows: readonly Selectable<PolicyRow>[],
): Promise<readonly Policy[]> {
  const owners = await loadOwners(db, rows)
  const members = await db
    .selectFrom('policy_rules')
    .innerJoin('rules', 'rules.id', 'policy_rules.rule_id')
    .select(['policy_id', 'rules.uuid'])
    .where('deleted_at_ms', 'is', null)
    .orderBy('rules.id')
    .execute()
  const byPolicy = Map.groupBy(members, ({ policy_id }) => policy_id)
  return rows.map((row) => ({
    id: row.id,
    uuid: row.uuid,
    name: row.name,
    description: row.description,
    owner: row.owner_id === null ? undefined : owners.get(row.owner_id),
    ruleUuids: (byPolicy.get(row.id) ?? []).map(({ uuid }) => uuid),
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}
