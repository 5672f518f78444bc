import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import { toStoredUs } from '../findings/finding-rows.ts'
import type { SeenDevice } from './device-service.ts'

/**
 * Notes devices that were seen; those that are known get what is new. Names are one in any case.
 *
 * @returns Row ids by name in lower case.
 */
export async function storeDevices(
  db: Kysely<Schema>,
  organisationId: number,
  seen: readonly SeenDevice[],
  nowMs: number,
): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>()
  for (const device of seen) {
    const key = device.name.toLowerCase()
    const details = device.details === undefined ? undefined : JSON.stringify(device.details)
    const { id } = await db
      .insertInto('devices')
      .values({
        uid: createHash('sha256').update(`device ${organisationId} ${key}`).digest('hex').slice(0, 32),
        organisation_id: organisationId,
        name: device.name,
        name_key: key,
        source: device.source ?? 'events',
        details_json: details ?? '{}',
        created_at_ms: nowMs,
        updated_at_ms: nowMs,
      })
      .onConflict((conflict) =>
        conflict.columns(['organisation_id', 'name_key']).doUpdateSet({
          updated_at_ms: nowMs,
          ...(details === undefined ? {} : { details_json: details, source: device.source ?? 'events' }),
        }),
      )
      .returning('id')
      .executeTakeFirstOrThrow()
    ids.set(key, id)
    const { sketchId, firstUs, lastUs } = device
    if (sketchId === undefined || firstUs === undefined || lastUs === undefined) continue
    await db
      .insertInto('device_sketches')
      .values({
        device_id: id,
        sketch_id: sketchId,
        first_us: toStoredUs(firstUs),
        last_us: toStoredUs(lastUs),
      })
      .onConflict((conflict) =>
        conflict.columns(['device_id', 'sketch_id']).doUpdateSet(({ fn, ref, val }) => ({
          first_us: fn<number>('min', [ref('device_sketches.first_us'), val(toStoredUs(firstUs))]),
          last_us: fn<number>('max', [ref('device_sketches.last_us'), val(toStoredUs(lastUs))]),
        })),
      )
      .execute()
  }
  return ids
}
