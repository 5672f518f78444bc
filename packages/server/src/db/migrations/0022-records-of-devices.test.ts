import { expect, test } from 'vitest'
import { openTemporaryDatabase } from '../../testing/temporary-database.ts'
import { findOwnersOfDeviceRecords } from './0022-records-of-devices.ts'

test('a record of a device is of the sketch that saw it, where only one did and nobody said so', async () => {
  await using database = await openTemporaryDatabase({ hasForeignKeys: false })
  const { db } = database
  const name = (device_id: number, sketch_id: number | null): object => ({
    platform: 'elements',
    external_id: `d${device_id}`,
    organisation_id: 1,
    device_id,
    sketch_id,
  })
  await db
    .insertInto('device_names')
    .values([name(1, null), name(2, null), name(3, null), name(4, 9)] as never)
    .execute()
  const seen = (device_id: number, sketch_id: number): object => ({
    device_id,
    sketch_id,
    first_us: 1,
    last_us: 1,
  })
  await db
    .insertInto('device_sketches')
    .values([seen(1, 5), seen(2, 5), seen(2, 6), seen(4, 5)] as never)
    .execute()
  await findOwnersOfDeviceRecords(db)
  const rows = await db.selectFrom('device_names').select('sketch_id').orderBy('device_id').execute()
  expect(rows.map(({ sketch_id }) => sketch_id)).toEqual([5, null, null, 9])
})
