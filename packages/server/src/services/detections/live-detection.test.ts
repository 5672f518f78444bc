import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { openSqliteDatabase } from '../../db/sqlite-database.ts'
import { createLogger } from '../../log.ts'
import { makeTemporaryDirectory } from '../../testing/temporary-system.ts'
import type { ServiceContext } from '../service-context.ts'
import { Turns } from '../turns.ts'
import type { LibraryRules } from './library-rules.ts'
import { LiveDetection, nameDetectionTurn } from './live-detection.ts'

test('the deadline of a stop holds also for a look that waits for its turn', async () => {
  const turns = new Turns()
  const held = Promise.withResolvers<void>()
  const holder = turns.take(nameDetectionTurn(1), () => held.promise)
  // What a look needs before its turn has come.
  const context = {
    turns,
    untilImportsRest: async () => {},
    log: createLogger({ level: 'silent' }),
  } as Partial<ServiceContext> as ServiceContext
  const live = new LiveDetection(context, () => Promise.reject(new Error('never run')), {} as LibraryRules)
  const look = { userId: 1 } as Parameters<LiveDetection['start']>[0]
  live.start(look, 1)
  await live.stop(0)
  held.resolve()
  await holder
  expect(await live.wait(1)).toBeUndefined()
})

test('a look waits until imports rest, unless somebody waits for it', async () => {
  const hurries: AbortSignal[] = []
  const context = {
    turns: new Turns(),
    log: createLogger({ level: 'silent' }),
    untilImportsRest: async (signal: AbortSignal) => {
      hurries.push(signal)
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    },
  } as Partial<ServiceContext> as ServiceContext
  const live = new LiveDetection(context, () => Promise.reject(new Error('never run')), {} as LibraryRules)
  const look = { userId: 1 } as Parameters<LiveDetection['start']>[0]
  live.start(look, 1)
  live.start(look, 1)
  live.start(look, 2)
  expect(hurries).toHaveLength(2)
  await live.wait(1)
  expect(hurries.map(({ aborted }) => aborted)).toEqual([true, false])
  await live.stop(0)
  expect(hurries.map(({ aborted }) => aborted)).toEqual([true, true])
})

test('events that come when looks are no longer begun are noted for the next server', async () => {
  const directory = await makeTemporaryDirectory()
  try {
    const path = join(directory, 'metadata.sqlite')
    const file = new DatabaseSync(path)
    file.exec('CREATE TABLE sketch_detection (sketch_id INTEGER PRIMARY KEY, may_have_unseen INTEGER)')
    file.exec('INSERT INTO sketch_detection VALUES (1, 0), (2, 0)')
    file.close()
    const database = openSqliteDatabase(path)
    const context = {
      db: database.db,
      turns: new Turns(),
      log: createLogger({ level: 'silent' }),
      untilImportsRest: async () => {},
    } as Partial<ServiceContext> as ServiceContext
    const live = new LiveDetection(context, () => Promise.reject(new Error('never run')), {} as LibraryRules)
    const stopped = live.stop(0)
    live.start({ userId: 1 } as Parameters<LiveDetection['start']>[0], 2)
    await stopped
    const rows = await database.db
      .selectFrom('sketch_detection')
      .select(['sketch_id', 'may_have_unseen'])
      .execute()
    await database.close()
    expect(rows.map((row) => [row.sketch_id, row.may_have_unseen])).toEqual([
      [1, 0],
      [2, 1],
    ])
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
