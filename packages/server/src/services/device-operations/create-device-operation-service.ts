import { randomUUID } from 'node:crypto'
import type { Kysely, Selectable, SelectQueryBuilder } from 'kysely'
import { z } from 'zod'
import type { Principal } from '../../auth/principal.ts'
import type { DeviceOperationRow } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { isDomainError } from '../../errors/domain-error.ts'
import { chunk } from '../chunk.ts'
import { findHiddenPlatforms } from '../devices/device-records.ts'
import { requireOwnDeviceRow, selectDevices } from '../devices/device-rows.ts'
import type { ServiceContext } from '../service-context.ts'
import type {
  DeviceOperation,
  DeviceOperationService,
  OperationFilter,
  OperationKind,
  OperationStatus,
  StartedOperation,
} from './device-operation-service.ts'
import { settleOperations } from './settle-operations.ts'

const MAX_PAGE = 1000
const DEFAULT_SECONDS = 2
const settingsSchema = z.object({
  elements: z
    .object({ operationSeconds: z.number().min(0).max(86_400) })
    .partial()
    .optional(),
})

/** What devices are told to do, kept in the metadata database. */
export function createDeviceOperationService(context: ServiceContext): DeviceOperationService {
  const { db, audit, config, now } = context
  const settle = async (): Promise<void> => {
    const waiting = await db
      .selectFrom('device_operations')
      .select('id')
      .where('status', 'in', ['pending', 'ongoing'])
      .limit(1)
      .executeTakeFirst()
    if (!waiting) return
    const settings = settingsSchema.safeParse((await config.readFile('platforms.yaml'))?.value).data
    const seconds = settings?.elements?.operationSeconds ?? DEFAULT_SECONDS
    await db.transaction().execute((transaction) => settleOperations(transaction, seconds * 1000, now()))
  }

  const select = (
    principal: Principal,
    { kind, batchUid, deviceId, devices, name, username, comment, statuses }: OperationFilter,
    hidden: ReadonlySet<string>,
  ): SelectQueryBuilder<Schema, 'device_operations', object> => {
    let query = db
      .selectFrom('device_operations')
      .where(
        'device_id',
        'in',
        selectDevices(
          db,
          principal,
          { ...devices, ...(deviceId === undefined ? {} : { ids: [deviceId] }) },
          hidden,
        ).select('devices.id'),
      )
    if (kind !== undefined) query = query.where('kind', '=', kind)
    if (batchUid !== undefined) query = query.where('batch_uid', '=', batchUid.toLowerCase())
    if (name !== undefined) query = query.where('name', '=', name)
    if (username !== undefined) query = query.where('username', '=', username)
    if (statuses !== undefined) query = query.where('status', 'in', [...statuses])
    if (comment !== undefined)
      query = query.where(({ eb, fn, val }) =>
        eb(fn<number>('instr', [fn('lower', ['comment']), val(comment.toLowerCase())]), '>', 0),
      )
    return query
  }

  return {
    settle,
    async start(principal, { kind, name, targets, parameters = {}, comment = '' }) {
      const batchUid = randomUUID()
      const started: StartedOperation[] = []
      for (const target of targets) {
        const found = await requireOwnDeviceRow(context, principal, target).catch((error: unknown) => {
          if (isDomainError(error) && (error.kind === 'not-found' || error.kind === 'forbidden'))
            return error.kind
          throw error
        })
        if (typeof found === 'string') {
          started.push({ target, operation: undefined, refusal: found })
          continue
        }
        const nowMs = now()
        const row = await db
          .insertInto('device_operations')
          .values({
            uid: randomUUID(),
            batch_uid: batchUid,
            kind,
            name,
            device_id: found.id,
            parameters_json: JSON.stringify(parameters),
            comment,
            status: 'pending',
            user_id: principal.userId,
            username: principal.username,
            created_at_ms: nowMs,
            updated_at_ms: nowMs,
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        const uid = makeOperationUid(nowMs, row.id)
        await db.updateTable('device_operations').set({ uid }).where('id', '=', row.id).execute()
        const [operation] = await toOperations(db, [{ ...row, uid }])
        started.push({ target, operation, refusal: undefined })
        await audit.record(principal, {
          action: `device.${kind}`,
          subject: `device/${found.uid}`,
          details: { name, operation: uid, ...(comment === '' ? {} : { comment }) },
        })
      }
      return { batchUid, started }
    },
    async readPage(principal, filter, { limit, after, order = 'desc' }) {
      await settle()
      const size = Math.min(Math.max(1, limit), MAX_PAGE)
      let query = select(principal, filter, await findHiddenPlatforms(db, principal, { ...filter.devices }))
      if (after !== undefined) query = query.where('id', order === 'desc' ? '<' : '>', after)
      const rows = await query
        .selectAll()
        .orderBy('id', order)
        .limit(size + 1)
        .execute()
      const page = rows.slice(0, size)
      return { items: await toOperations(db, page), next: rows.length > size ? page.at(-1)?.id : undefined }
    },
    async readBatches(principal, filter, { limit, after, order = 'desc' }) {
      await settle()
      const size = Math.min(Math.max(1, limit), MAX_PAGE)
      const hidden = await findHiddenPlatforms(db, principal, { ...filter.devices })
      const batches = await select(principal, filter, hidden)
        .select(({ fn }) => ['batch_uid', fn.min('id').as('first')])
        .groupBy('batch_uid')
        .$if(after !== undefined, (query) =>
          query.having(({ fn }) => fn.min('id'), order === 'desc' ? '<' : '>', after!),
        )
        .orderBy('first', order)
        .limit(size + 1)
        .execute()
      const page = batches.slice(0, size)
      const rows = await select(principal, filter, hidden)
        .selectAll()
        .where(
          'batch_uid',
          'in',
          page.map(({ batch_uid }) => batch_uid),
        )
        .orderBy('id')
        .execute()
      const byBatch = Map.groupBy(await toOperations(db, rows), ({ batchUid }) => batchUid)
      return {
        items: page.map(({ batch_uid }) => ({ uid: batch_uid, operations: byBatch.get(batch_uid) ?? [] })),
        next: batches.length > size ? page.at(-1)?.first : undefined,
      }
    },
  }
}

/** 19 digits that are no others': when it was made, and its number. */
function makeOperationUid(nowMs: number, id: number): string {
  return String((BigInt(nowMs) << 20n) | BigInt(id & 0xf_ffff))
}

async function toOperations(
  db: Kysely<Schema>,
  rows: readonly Selectable<DeviceOperationRow>[],
): Promise<readonly DeviceOperation[]> {
  const uids = new Map<number, string>()
  const platformIds = new Map<number, string[]>()
  for (const ids of chunk([...new Set(rows.map(({ device_id }) => device_id))])) {
    for (const { id, uid } of await db
      .selectFrom('devices')
      .select(['id', 'uid'])
      .where('id', 'in', ids)
      .execute())
      uids.set(id, uid)
    const names = await db
      .selectFrom('device_names')
      .select(['device_id', 'external_id'])
      .where('device_id', 'in', ids)
      .execute()
    for (const { device_id, external_id } of names)
      platformIds.set(device_id, [...(platformIds.get(device_id) ?? []), external_id])
  }
  return rows.map((row) => ({
    id: row.id,
    uid: row.uid,
    batchUid: row.batch_uid,
    kind: row.kind as OperationKind,
    name: row.name,
    deviceUid: uids.get(row.device_id) ?? '',
    devicePlatformIds: platformIds.get(row.device_id) ?? [],
    parameters: JSON.parse(row.parameters_json) as Record<string, unknown>,
    comment: row.comment,
    status: row.status as OperationStatus,
    username: row.username,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }))
}
