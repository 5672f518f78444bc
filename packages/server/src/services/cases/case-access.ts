import type { Expression, ExpressionBuilder, Kysely, SqlBool } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import { readableSketches } from '../access/readable-by.ts'
import type { ServiceContext } from '../service-context.ts'

/**
 * Those that somebody may see: all of whose alerts they may see, as title and remarks tell of each of them; without an alert it is its
 * maker's alone.
 */
export function isCaseVisibleTo(
  principal: Principal,
): (where: ExpressionBuilder<Schema, 'cases'>) => Expression<SqlBool> {
  return (where) => {
    const alerts = where
      .selectFrom('case_alerts')
      .innerJoin('alerts', 'alerts.id', 'case_alerts.alert_id')
      .select('case_alerts.alert_id')
      .whereRef('case_alerts.case_uid', '=', 'cases.uid')
    const hidden = alerts
      .where('alerts.sketch_id', 'is not', null)
      .where('alerts.sketch_id', 'not in', readableSketches(principal))
    return where.or([
      where.and([where.not(where.exists(alerts)), where('cases.user_id', '=', principal.userId)]),
      where.and([where.exists(alerts), where.not(where.exists(hidden))]),
    ])
  }
}

/** Refuses whoever may not write to the sketches of a case's alerts, all of which are open. @throws {DomainError} `forbidden`, `conflict`. */
export async function requireCaseWrite(
  { db, access }: Pick<ServiceContext, 'access'> & { readonly db: Kysely<Schema> },
  principal: Principal,
  caseUid: string,
): Promise<void> {
  const rows = await db
    .selectFrom('case_alerts')
    .innerJoin('alerts', 'alerts.id', 'case_alerts.alert_id')
    .select('sketch_id')
    .distinct()
    .where('case_uid', '=', caseUid)
    .where('sketch_id', 'is not', null)
    .execute()
  for (const { sketch_id } of rows) await access.requireOpenSketch(principal, sketch_id!, 'write')
}
