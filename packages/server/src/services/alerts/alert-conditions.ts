import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import { factExpression } from '../json-facts.ts'
import type { AlertFilter } from './alert-service.ts'

/** What a filter asks of alerts beside what holds for all findings. */
export function conditionsOf(
  filter: AlertFilter,
): (where: ExpressionBuilder<Schema, 'alerts'>) => Expression<SqlBool> {
  const { ruleUuid, source, incidentId, deviceId, timelineId, tag, targetUid, engines } = filter
  return (where) =>
    where.and([
      ...(ruleUuid === undefined ? [] : [where('rule_uuid', '=', ruleUuid.toLowerCase())]),
      ...(filter.ruleUuids === undefined ? [] : [where('rule_uuid', 'in', [...filter.ruleUuids])]),
      ...(filter.item === undefined ? [] : [isItem(where, filter.item)]),
      ...(filter.platformId === undefined ? [] : [hasPlatformId(filter.platformId)]),
      ...(filter.otherThanRuleUuids === undefined
        ? []
        : [
            where.or([
              where('rule_uuid', 'is', null),
              where('rule_uuid', 'not in', [...filter.otherThanRuleUuids]),
            ]),
          ]),
      ...(source === undefined ? [] : [where('source', '=', source)]),
      ...(incidentId === undefined ? [] : [where('incident_id', '=', incidentId)]),
      ...(filter.incidentIds === undefined ? [] : [where('incident_id', 'in', [...filter.incidentIds])]),
      ...(deviceId === undefined ? [] : [where('device_id', '=', deviceId)]),
      ...(timelineId === undefined ? [] : [where('timeline_id', '=', timelineId)]),
      ...(targetUid === undefined ? [] : [isAbout(where, targetUid)]),
      ...(engines === undefined ? [] : [where(sql<string>`engine collate nocase`, 'in', [...engines])]),
      ...(tag === undefined
        ? []
        : [where(where.fn<number>('instr', ['tags_json', where.val(JSON.stringify(tag))]), '>', 0)]),
    ])
}

function isAbout(where: ExpressionBuilder<Schema, 'alerts'>, uid: string): Expression<SqlBool> {
  const digits = uid.replaceAll('-', '').toLowerCase()
  return where.or([
    where('target_id', '=', uid),
    where('device_id', 'in', where.selectFrom('devices').select('devices.id').where('uid', '=', digits)),
    where(
      'device_id',
      'in',
      where.selectFrom('device_names').select('device_names.device_id').where('external_id', '=', uid),
    ),
  ])
}

/** By the beginning of its key, as `makeEntryKey` makes it, which goes on with the sketch. */
function isItem(
  where: ExpressionBuilder<Schema, 'alerts'>,
  { platform, kind, id }: NonNullable<AlertFilter['item']>,
): Expression<SqlBool> {
  const start = `${JSON.stringify([platform, kind, id]).slice(0, -1)},`
  // `-` follows `,`.
  return where.and([where('source_key', '>=', start), where('source_key', '<', `${start.slice(0, -1)}-`)])
}

/** Literal but for the id: an index over the same expression answers where there is one. */
function hasPlatformId({
  platform,
  member,
  id,
}: NonNullable<AlertFilter['platformId']>): Expression<SqlBool> {
  const told = factExpression([{ column: 'details_json' }], member)
  return sql`(source = ${sql.lit(platform)} and ${told} = ${id})`
}
