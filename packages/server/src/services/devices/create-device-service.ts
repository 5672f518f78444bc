import { expressionBuilder, sql } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import { factExpression } from '../json-facts.ts'
import type { ServiceContext } from '../service-context.ts'
import { countAllDevices } from './count-devices.ts'
import { findHiddenPlatforms, isRecordHidden } from './device-records.ts'
import {
  factSourceOf,
  requireDeviceRow,
  requireOwnDeviceRow,
  selectDevices,
  toDevices,
} from './device-rows.ts'
import type { DeviceService } from './device-service.ts'

const MAX_PAGE = 1000
const DEFAULT_PAGE = 100

/** Devices, kept in the metadata database. */
export function createDeviceService(context: ServiceContext): DeviceService {
  const { db, access, audit } = context
  const requireSketchOf = async (
    ...[principal, filter = {}]: Parameters<DeviceService['list']>
  ): Promise<void> => {
    if (filter.sketchId !== undefined) await access.requireSketch(principal, filter.sketchId, 'read')
  }
  const get: DeviceService['get'] = async (principal, id) =>
    (await toDevices(db, principal, [await requireDeviceRow(db, principal, id)]))[0]!
  const service: DeviceService = {
    async list(principal, filter = {}) {
      const items = await service.listUncounted(principal, filter)
      const { limit: _limit, offset: _offset, ...wanted } = filter
      return { items, total: await service.count(principal, wanted) }
    },
    async listUncounted(principal, filter = {}) {
      await requireSketchOf(principal, filter)
      const { limit = DEFAULT_PAGE, offset = 0 } = filter
      const hidden = await findHiddenPlatforms(db, principal, filter)
      const rows = await selectDevices(db, principal, filter, hidden)
        .selectAll()
        // As an index has them: by the name alone all would be sorted.
        .orderBy('organisation_id')
        .orderBy('name_key')
        .limit(Math.min(Math.max(1, limit), MAX_PAGE))
        .offset(offset)
        .execute()
      return await toDevices(db, principal, rows)
    },
    async readPage(principal, filter, { after, limit, offset = 0 }) {
      await requireSketchOf(principal, filter)
      const size = Math.min(Math.max(1, limit), MAX_PAGE)
      let query = selectDevices(db, principal, filter, await findHiddenPlatforms(db, principal, filter))
      if (after !== undefined) query = query.where('devices.id', '>', after)
      // What is passed over is so in an index, without the records, which are large.
      const places = query
        .select('devices.id')
        .orderBy('devices.id')
        .limit(size + 1)
        .offset(offset)
      const rows = await db
        .selectFrom('devices')
        .selectAll()
        .where('devices.id', 'in', places)
        .orderBy('devices.id')
        .execute()
      const page = rows.slice(0, size)
      return {
        items: await toDevices(db, principal, page),
        next: rows.length > size ? page.at(-1)?.id : undefined,
      }
    },
    async count(principal, filter = {}) {
      await requireSketchOf(principal, filter)
      if (Object.keys(filter).length === 0) return await countAllDevices(db, principal)
      return await countRows(
        selectDevices(db, principal, filter, await findHiddenPlatforms(db, principal, filter)),
      )
    },
    async countBy(principal, filter, { platform, path, ifMissing }) {
      await requireSketchOf(principal, filter)
      const hidden = await findHiddenPlatforms(db, principal, { ...filter, facts: { platform, all: [] } })
      const told = factExpression(factSourceOf(platform), path, ifMissing)
      const decided = factExpression([{ column: 'decided_json' }], path, ifMissing)
      const isHidden = isRecordHidden(expressionBuilder<Schema, 'devices'>(), principal, sql.val(platform))
      const value = hidden.has(platform)
        ? sql<string | null>`case when ${isHidden} then ${decided} else ${told} end`
        : told
      const rows = await selectDevices(
        db,
        principal,
        filter,
        await findHiddenPlatforms(db, principal, filter),
      )
        .select(({ fn }) => [value.as('value'), fn.countAll<number>().as('count')])
        .where(value, 'is not', null)
        .groupBy(value)
        .orderBy('count', 'desc')
        .orderBy('value')
        .execute()
      return rows.map((row) => ({ value: String(row.value), count: row.count }))
    },
    get,
    async decide(principal, id, decision) {
      const row = await requireOwnDeviceRow(context, principal, id)
      const decided = { ...(JSON.parse(row.decided_json) as object), ...decision }
      await db
        .updateTable('devices')
        .set({ decided_json: JSON.stringify(decided), updated_at_ms: context.now() })
        .where('id', '=', row.id)
        .execute()
      await audit.record(principal, {
        action: 'device.update',
        subject: `device/${row.uid}`,
        details: { ...decision },
      })
      return await get(principal, row.uid)
    },
    async delete(principal, id) {
      const row = await requireOwnDeviceRow(context, principal, id)
      await db
        .updateTable('devices')
        .set({ removed_at_ms: context.now(), decided_json: '{}' })
        .where('id', '=', row.id)
        .execute()
      await audit.record(principal, {
        action: 'device.delete',
        subject: `device/${row.uid}`,
        details: { name: row.name },
      })
    },
  }
  return service
}

async function countRows(query: ReturnType<typeof selectDevices>): Promise<number> {
  const { total } = await query
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return total
}
