import { type Expression, expressionBuilder, type SelectQueryBuilder, type SqlBool } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import type { Permission } from './access-service.ts'

/** The rows of `grants` that hold for a user: the user's own, those of the user's groups, and those for everybody. */
export function grantsFor(principal: Principal): Expression<SqlBool> {
  const where = expressionBuilder<Schema, 'grants'>()
  return where.or([
    where('user_id', '=', principal.userId),
    where.and([where('user_id', 'is', null), where('group_id', 'is', null)]),
    where(
      'group_id',
      'in',
      where.selectFrom('group_members').select('group_id').where('user_id', '=', principal.userId),
    ),
  ])
}

/** Ids of the sketches or search indexes that a user may read, in whatever state they are: for `where('id', 'in', …)`. */
export function readableBy(
  principal: Principal,
  kind: Schema['grants']['kind'],
): SelectQueryBuilder<Schema, 'grants', { object_id: number }> {
  return grantedTo(principal, kind, 'read')
}

/** Ids of the sketches that a user may write to, in whatever state they are; what the user's key may do is another question. */
export function writableSketches(
  principal: Principal,
): SelectQueryBuilder<Schema, 'grants', { object_id: number }> {
  return grantedTo(principal, 'sketch', 'write')
}

function grantedTo(
  principal: Principal,
  kind: Schema['grants']['kind'],
  permission: Permission,
): SelectQueryBuilder<Schema, 'grants', { object_id: number }> {
  return expressionBuilder<Schema>()
    .selectFrom('grants')
    .select('object_id')
    .where('kind', '=', kind)
    .where('permission', '=', permission)
    .where(grantsFor(principal))
}

/** Ids of the sketches that a user may read and that are not deleted: for `where('sketch_id', 'in', …)`. */
export function readableSketches(
  principal: Principal,
): SelectQueryBuilder<Schema, 'grants', { object_id: number }> {
  return readableBy(principal, 'sketch').where(
    'object_id',
    'not in',
    expressionBuilder<Schema>().selectFrom('sketches').select('id').where('status', '=', 'deleted'),
  )
}
