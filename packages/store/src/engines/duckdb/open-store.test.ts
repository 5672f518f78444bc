import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { findNumbers, importRows, TEST_INDEX } from '../../contract/ask-helpers.ts'
import type { StorePlace } from '../../contract/import-contract.ts'
import { describeEventStore } from '../../event-store.case.ts'
import { openDuckDbStore } from './open-store.ts'

const run = promisify(execFile)

async function makePlace(): Promise<StorePlace & { readonly directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'timeskein-store-'))
  return {
    directory,
    open: () => openDuckDbStore({ directory }),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  }
}

describeEventStore(makePlace)

it('a directory is open in one store at a time', async () => {
  await using place = await makePlace()
  {
    await using _first = await place.open()
    await expect(place.open()).rejects.toThrow(/has it open already/)
  }
  await using _second = await place.open()
})

it('a store that nothing is asked of does without DuckDB', async () => {
  await using place = await makePlace()
  const script = `
    const { openDuckDbStore } = await import(${JSON.stringify(new URL('open-store.ts', import.meta.url))})
    const hasDuckDb = () => process.report.getReport().sharedObjects.some((path) => path.includes('duckdb'))
    await using store = await openDuckDbStore({ directory: ${JSON.stringify(place.directory)} })
    const before = hasDuckDb()
    await store.listIndexes()
    console.log(JSON.stringify([before, hasDuckDb()]))`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script])
  expect(JSON.parse(stdout)).toEqual([false, true])
})

it('marks of one operation stand on their own rows in a store that is opened again', async () => {
  await using place = await makePlace()
  const values = ['first', 'second', 'third']
  const scope = [{ index: TEST_INDEX }]
  {
    await using store = await place.open()
    await importRows(store, { rows: values.map((_, n) => ({ n })) })
    const shared = { id: 'of-rules', kind: 'tag', sketchId: 1, userId: 1, atUs: 5n, scope } as const
    await store.markAll(
      values.map((value, n) => ({
        ...shared,
        value,
        target: { rows: new Map([[TEST_INDEX, Uint32Array.of(n)]]) },
      })),
    )
  }
  await using store = await place.open()
  for (const [n, value] of values.entries())
    expect(await findNumbers(store, { kind: 'term', field: 'tag', value })).toEqual([n])
})

it('a store that is closed is asked no more', async () => {
  await using place = await makePlace()
  const store = await place.open()
  await store[Symbol.asyncDispose]()
  await expect(store.listIndexes()).rejects.toMatchObject({ code: 'closed' })
})

it('a store that is closed during its first question says so, and is closed when anyone who closed it goes on', async () => {
  await using place = await makePlace()
  const store = await place.open()
  const question = store.listIndexes()
  const closing = store[Symbol.asyncDispose]()
  const again = store[Symbol.asyncDispose]()
  await expect(question).rejects.toMatchObject({ code: 'closed' })
  await again
  await using _next = await place.open()
  await closing
})
