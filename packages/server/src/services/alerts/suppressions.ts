import { randomUUID } from 'node:crypto'
import type { Kysely, Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import { requireAdmin } from '../../auth/require-admin.ts'
import type { SuppressionRow } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { invalid, notFound } from '../../errors/domain-error.ts'
import { readableBy } from '../access/readable-by.ts'
import type { ServiceContext } from '../service-context.ts'
import type { AlertDraft, AlertService, Suppression } from './alert-service.ts'

/** Suppressions that hold at a moment. */
export async function listActiveSuppressions(
  db: Kysely<Schema>,
  nowMs: number,
): Promise<readonly Selectable<SuppressionRow>[]> {
  return await db
    .selectFrom('suppressions')
    .selectAll()
    .where((where) => where.or([where('until_ms', 'is', null), where('until_ms', '>', nowMs)]))
    .execute()
}

/** Whether a suppression keeps a draft from becoming an alert. */
export function isSuppressed(
  { sketchId, ruleUuid, host }: Pick<AlertDraft, 'sketchId' | 'ruleUuid' | 'host'>,
  suppression: Pick<Selectable<SuppressionRow>, 'sketch_id' | 'rule_uuid' | 'host'>,
): boolean {
  return (
    (suppression.sketch_id === null || suppression.sketch_id === sketchId) &&
    (suppression.rule_uuid === null || suppression.rule_uuid === ruleUuid) &&
    (suppression.host === null || suppression.host === host?.toLowerCase())
  )
}

/** The calls of the alert service that are about suppressions. */
export function createSuppressionCalls({
  db,
  access,
  audit,
  now,
}: ServiceContext): Pick<AlertService, 'listSuppressions' | 'suppress' | 'unsuppress'> {
  const requireRight = async (principal: Principal, sketchId: number | null): Promise<void> => {
    if (sketchId === null) requireAdmin(principal)
    else await access.requireOpenSketch(principal, sketchId, 'write')
  }
  return {
    async listSuppressions(principal, sketchId) {
      let query = db
        .selectFrom('suppressions')
        .selectAll()
        .where((where) =>
          where.or([
            where('sketch_id', 'is', null),
            where('sketch_id', 'in', readableBy(principal, 'sketch')),
          ]),
        )
      if (sketchId !== undefined) query = query.where('sketch_id', '=', sketchId)
      return (await query.orderBy('id').execute()).map(toSuppression)
    },
    async suppress(principal, { sketchId, ruleUuid, host, untilMs, reason }) {
      if (ruleUuid === undefined && host === undefined)
        throw invalid('bad-suppression', 'A suppression names a rule or a host; found neither.')
      await requireRight(principal, sketchId ?? null)
      const row = await db
        .insertInto('suppressions')
        .values({
          uid: randomUUID(),
          sketch_id: sketchId ?? null,
          rule_uuid: ruleUuid?.toLowerCase() ?? null,
          host: host?.toLowerCase() ?? null,
          reason,
          user_id: principal.userId,
          created_at_ms: now(),
          until_ms: untilMs ?? null,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      await audit.record(principal, {
        action: 'suppression.create',
        subject: `suppression/${row.uid}`,
        ...(sketchId === undefined ? {} : { sketchId }),
        details: { rule: row.rule_uuid, host: row.host },
      })
      return toSuppression(row)
    },
    async unsuppress(principal, uid) {
      const row = await db
        .selectFrom('suppressions')
        .selectAll()
        .where('uid', '=', uid.toLowerCase())
        .executeTakeFirst()
      const isKnown =
        row && (row.sketch_id === null || (await access.sketchPermissions(principal, row.sketch_id)).read)
      if (!isKnown) throw notFound('suppression', uid.slice(0, 64))
      await requireRight(principal, row.sketch_id)
      await db.deleteFrom('suppressions').where('id', '=', row.id).execute()
      await audit.record(principal, {
        action: 'suppression.delete',
        subject: `suppression/${row.uid}`,
        ...(row.sketch_id === null ? {} : { sketchId: row.sketch_id }),
      })
    },
  }
}

function toSuppression(row: Selectable<SuppressionRow>): Suppression {
  return {
    uid: row.uid,
    sketchId: row.sketch_id ?? undefined,
    ruleUuid: row.rule_uuid ?? undefined,
    host: row.host ?? undefined,
    reason: row.reason,
    createdAtMs: row.created_at_ms,
    untilMs: row.until_ms ?? undefined,
  }
}
