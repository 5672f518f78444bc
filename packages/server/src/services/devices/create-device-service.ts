import type { Expression, ExpressionBuilder, Kysely, Selectable, SqlBool } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { DeviceRow } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { notFound } from '../../errors/domain-error.ts'
import { readableSketches } from '../access/readable-by.ts'
import { chunk } from '../chunk.ts'
import type { ServiceContext } from '../service-context.ts'
import type { Device, DeviceService } from './device-service.ts'

const MAX_PAGE = 1000
const DEFAULT_PAGE = 100

/** Devices, kept in the metadata database. */
export function createDeviceService({ db, access }: ServiceContext): DeviceService {
  return {
    async list(principal, { sketchId, text, limit = DEFAULT_PAGE, offset = 0 } = {}) {
      if (sketchId !== undefined) await access.requireSketch(principal, sketchId, 'read')
      let query = db.selectFrom('devices').where(isVisibleDevice(principal))
      if (sketchId !== undefined)
        query = query.where(
          'devices.id',
          'in',
          db.selectFrom('device_sketches').select('device_id').where('sketch_id', '=', sketchId),
        )
      if (text !== undefined)
        query = query.where(({ eb, fn, val }) =>
          eb(fn<number>('instr', ['name_key', val(text.toLowerCase())]), '>', 0),
        )
      const { total } = await query
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const rows = await query
        .selectAll()
        .orderBy('name_key')
        .limit(Math.min(Math.max(1, limit), MAX_PAGE))
        .offset(offset)
        .execute()
      return { items: await toDevices(db, principal, rows), total }
    },
    async get(principal, uid) {
      const row = await db
        .selectFrom('devices')
        .selectAll()
        .where('uid', '=', uid.replaceAll('-', '').toLowerCase())
        .where(isVisibleDevice(principal))
        .executeTakeFirst()
      if (!row) throw notFound('device', uid.slice(0, 64))
      return (await toDevices(db, principal, [row]))[0]!
    },
  }
}

function isVisibleDevice(
  principal: Principal,
): (where: ExpressionBuilder<Schema, 'devices'>) => Expression<SqlBool> {
  return (where) =>
    where.or([
      where('source', '!=', 'events'),
      where(
        'devices.id',
        'in',
        where
          .selectFrom('device_sketches')
          .select('device_id')
          .where('sketch_id', 'in', readableSketches(principal)),
      ),
    ])
}

async function toDevices(
  db: Kysely<Schema>,
  principal: Principal,
  rows: readonly Selectable<DeviceRow>[],
): Promise<readonly Device[]> {
  const spans = new Map<number, { first: number; last: number }>()
  for (const some of chunk(rows)) {
    const found = await db
      .selectFrom('device_sketches')
      .select(({ fn }) => ['device_id', fn.min('first_us').as('first'), fn.max('last_us').as('last')])
      .where(
        'device_id',
        'in',
        some.map(({ id }) => id),
      )
      .where('sketch_id', 'in', readableSketches(principal))
      .groupBy('device_id')
      .execute()
    for (const { device_id, first, last } of found) spans.set(device_id, { first, last })
  }
  return rows.map((row) => {
    const span = spans.get(row.id)
    return {
      id: row.id,
      uid: row.uid,
      organisationId: row.organisation_id,
      name: row.name,
      source: row.source,
      details: JSON.parse(row.details_json) as Record<string, unknown>,
      firstUs: span && BigInt(span.first),
      lastUs: span && BigInt(span.last),
      createdAtMs: row.created_at_ms,
      updatedAtMs: row.updated_at_ms,
    }
  })
}
