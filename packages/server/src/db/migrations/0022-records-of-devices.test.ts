import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { makeTemporaryDirectory } from '../../testing/temporary-system.ts'
import { migrate } from '../migrate.ts'
import { openSqliteDatabase } from '../sqlite-database.ts'
import { findOwnersOfDeviceRecords } from './0022-records-of-devices.ts'

test('a record of a device is of the sketch that saw it, where only one did and nobody said so', async () => {
  const directory = await makeTemporaryDirectory()
  const database = openSqliteDatabase(join(directory, 'metadata.sqlite'))
  const { db } = database
  try {
    await migrate(database, directory)
    await sql`pragma foreign_keys = off`.execute(db)
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
  } finally {
    await database.close()
    await rm(directory, { recursive: true })
  }
})
