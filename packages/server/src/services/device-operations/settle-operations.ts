import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import type { DeviceDecision } from '../devices/device-service.ts'
import { applyOperation } from './apply-operation.ts'

/** Operations that are taken on in one look at most; the next look takes the rest. */
const MAX_AT_ONCE = 1000

/**
 * Takes operations on as far as time has gone: half of `lastsMs` they wait, then they run, then they have ended, in the order they
 * were told. To be called in a transaction.
 */
export async function settleOperations(db: Kysely<Schema>, lastsMs: number, nowMs: number): Promise<void> {
  await db
    .updateTable('device_operations')
    .set(({ eb }) => ({ status: 'ongoing', updated_at_ms: eb('created_at_ms', '+', lastsMs / 2) }))
    .where('status', '=', 'pending')
    .where('created_at_ms', '<=', nowMs - lastsMs / 2)
    .execute()
  const ended = await db
    .selectFrom('device_operations')
    .selectAll()
    .where('status', '=', 'ongoing')
    .where('created_at_ms', '<=', nowMs - lastsMs)
    .orderBy('id')
    .limit(MAX_AT_ONCE)
    .execute()
  for (const operation of ended) {
    const endedAtMs = operation.created_at_ms + lastsMs
    await db
      .updateTable('device_operations')
      .set({ status: 'finished', updated_at_ms: endedAtMs })
      .where('id', '=', operation.id)
      .execute()
    const device = await db
      .selectFrom('devices')
      .selectAll()
      .where('id', '=', operation.device_id)
      .executeTakeFirstOrThrow()
    const details = JSON.parse(device.details_json) as Record<string, Record<string, unknown> | undefined>
    const decided = JSON.parse(device.decided_json) as DeviceDecision
    const effect = applyOperation(
      operation.name,
      JSON.parse(operation.parameters_json) as Record<string, unknown>,
      { told: details['elements'] ?? {}, decided },
    )
    if (!effect) continue
    await db
      .updateTable('devices')
      .set({ decided_json: JSON.stringify({ ...decided, ...effect }), updated_at_ms: endedAtMs })
      .where('id', '=', device.id)
      .execute()
  }
}
