import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSqliteDatabase } from '../../db/sqlite-database.ts'
import { openTemporarySystem } from '../../testing/temporary-system.ts'
import type { AlertDraft } from './alert-service.ts'
import { findEngineBranches } from './read-by-branches.ts'

const SPANS = new Map([[0, { count: 1, firstUs: 0n, lastUs: 0n }]])

test('alerts of all engines there are are found as those of some are, page by page', async () => {
  await using place = await openTemporarySystem()
  const { alerts } = place.system.services
  const store = async (title: string, createdAtMs: number, engine: string | null): Promise<void> => {
    const draft: AlertDraft = {
      title,
      sourceKey: title,
      source: 'api',
      severity: 1,
      spans: SPANS,
      engine,
      createdAtMs,
    }
    await alerts.store(place.admin, [draft])
  }
  const read = async (engines: readonly string[]): Promise<readonly (readonly string[])[]> => {
    const pages: string[][] = []
    let after: string | undefined
    do {
      const options = {
        sort: 'created',
        order: 'asc',
        limit: 2,
        ...(after === undefined ? {} : { after }),
      } as const
      const { items, next } = await alerts.readPage(place.admin, { engines }, options)
      pages.push(items.map(({ title }) => title))
      after = next
    } while (after !== undefined)
    return pages
  }

  expect(await read(['amsi'])).toEqual([[]])
  await store('first', 1000, 'Amsi')
  await store('second', 1000, 'firewall')
  await store('third', 2000, 'AMSI')
  expect(await read(['amsi', 'firewall'])).toEqual([['first', 'second'], ['third']])
  expect(await read(['amsi', 'firewall', 'edr'])).toEqual([['first', 'second'], ['third']])
  expect(await read(['firewall'])).toEqual([['second']])
  await store('of an incident', 1500, null)
  expect(await read(['amsi', 'firewall'])).toEqual([['first', 'second'], ['third']])
  await store('another', 1500, 'xFence')
  expect(await read(['amsi', 'firewall'])).toEqual([['first', 'second'], ['third']])
  expect(await read(['amsi', 'firewall', 'xfence'])).toEqual([
    ['first', 'second'],
    ['another', 'third'],
  ])
})

test('alerts of all engines there are are read without asking for any engine', async () => {
  await using place = await openTemporarySystem()
  const database = openSqliteDatabase(join(place.directory, 'metadata.sqlite'))
  try {
    const { db } = database
    const store = async (title: string, engine: string | null): Promise<void> => {
      const draft: AlertDraft = { title, sourceKey: title, source: 'api', severity: 1, spans: SPANS, engine }
      await place.system.services.alerts.store(place.admin, [draft])
    }
    const countNarrowed = async (): Promise<readonly boolean[]> =>
      (await findEngineBranches(db, ['amsi', 'firewall'])).map((branch) =>
        branch(db.selectFrom('alerts')).compile().sql.includes('where'),
      )
    await store('first', 'Amsi')
    await store('second', 'firewall')
    await store('third', 'FIREWALL')
    expect(await countNarrowed()).toEqual([false])
    await store('of another', 'xFence')
    expect(await countNarrowed()).toEqual([true, true])
  } finally {
    await database.close()
  }
})
