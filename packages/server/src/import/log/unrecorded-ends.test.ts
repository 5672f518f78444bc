import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTemporaryDatabase, type TemporaryDatabase } from '../../testing/temporary-database.ts'
import type { ImportJob } from '../import-service.ts'
import { UnrecordedEnds } from './unrecorded-ends.ts'

let database: TemporaryDatabase
beforeEach(async () => {
  database = await openTemporaryDatabase({ hasForeignKeys: false })
  const place = { sketch_id: 1, timeline_id: 1, index_name: 'index', data_source_id: 1, user_id: 1 }
  await database.db
    .insertInto('imports')
    .values({
      ...{ ...place, id: 'one', status: 'running', files_json: '[]', queued_at_ms: 1 },
      ...{ has_rejects: 0, is_final_commit: 0 },
    })
    .execute()
})
afterEach(() => database[Symbol.asyncDispose]())

test('that the items of an import are entered is written down, also where that becomes known while its end is', async () => {
  let asked = 0
  const ends: UnrecordedEnds = new UnrecordedEnds({
    db: database.db,
    log: { info() {}, warn() {} },
    now() {
      // Whoever writes an end down asks for the time first.
      if (asked++ === 0) ends.noteItemsEntered('one')
      return 2
    },
  } as never)
  ends.add({ id: 'one' } as ImportJob, {
    ...{ importId: 'one', timelineId: 1, dataSourceId: 1, status: 'done', files: [], error: undefined },
    ...{ hasUnknownFiles: true, hasRejects: false, searchableSeconds: undefined },
  })
  await ends.record()
  await ends.close()
  const rows = await database.db.selectFrom('imports').select(['status', 'items_tries']).execute()
  expect(rows).toEqual([{ status: 'done', items_tries: null }])
  expect(ends.find('one')).toBeUndefined()
})
