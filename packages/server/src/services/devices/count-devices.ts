import { type Kysely, sql } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import { readableSketches } from '../access/readable-by.ts'

/**
 * How many devices somebody may see, of all there are: those seen in sketches that they may read, and those that came without one.
 * What was seen is counted in the order of an index of sightings, and a device itself is only looked at where that does not say it all:
 * to ask of each whether it was seen takes twice as long.
 */
export async function countAllDevices(db: Kysely<Schema>, principal: Principal): Promise<number> {
  const sightings = db
    .selectFrom('device_sketches')
    // As it stands no index is chosen for it: that of the sketch has them in another order than that of devices.
    .where(sql<number>`+sketch_id`, 'in', readableSketches(principal))
  const seen = db
    .selectFrom(sightings.select('device_id').distinct().as('seen'))
    .select(({ fn }) => fn.countAll<number>().as('count'))
  const others = db
    .selectFrom('devices')
    .where(({ or, eb }) => or([eb('removed_at_ms', 'is not', null), eb('source', '!=', 'events')]))
    .select(({ exists, fn }) => {
      const isSeen = exists(
        sightings.select('device_id').where('device_id', '=', sql.ref<number>('devices.id')),
      )
      // Removed ones were counted if they were seen, those of another source were not if they were not.
      const differs = sql<number>`case when ${isSeen} then -(removed_at_ms is not null) else removed_at_ms is null end`
      return fn.coalesce(fn.sum<number>(differs), sql<number>`0`).as('difference')
    })
  const { total } = await db
    .selectNoFrom(sql<number>`${seen} + ${others}`.as('total'))
    .executeTakeFirstOrThrow()
  return total
}
