import { type Kysely, sql } from 'kysely'
import type { Schema } from '../schema.ts'

/**
 * Version 22: whose word a platform's record of a device is says who may see it. Records from before that was noted are of the sketch
 * that saw the device, where only one did; of others the next pull or import says it.
 */
export async function findOwnersOfDeviceRecords(db: Kysely<Schema>): Promise<void> {
  const seenIn = sql.raw('from device_sketches where device_sketches.device_id = device_names.device_id')
  await sql`update device_names set sketch_id = (select min(sketch_id) ${seenIn})
    where sketch_id is null and (select count(*) ${seenIn}) = 1`.execute(db)
}
