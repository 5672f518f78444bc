import { mkdtemp, open, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { importRows, TEST_INDEX } from '../../contract/ask-helpers.ts'
import { openDuckDbStore } from './open-store.ts'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'timeskein-check-'))
  await using store = await openDuckDbStore({ directory })
  await importRows(store, { rows: Array.from({ length: 500 }, (_, n) => ({ n, text: `row ${n}` })) })
})
afterEach(async () => {
  await rm(directory, { recursive: true })
})

async function check(): Promise<string[]> {
  await using store = await openDuckDbStore({ directory })
  return (await store.check()).map(({ severity, message }) => `${severity}: ${message}`)
}

async function sourceFile(): Promise<string> {
  const name = (await readdir(directory)).find((file) => file.endsWith('.source'))
  return join(directory, name!)
}

it('a whole index is well', async () => {
  expect(await check()).toEqual(['ok: 500 events'])
})

it('a source file that lost its end is an error', async () => {
  await truncate(await sourceFile(), 100)
  expect(await check()).toMatchObject([
    expect.stringMatching(/^error: .*bytes of source text expected, found 100/),
  ])
})

it('a source file with other bytes in it is an error', async () => {
  await using file = await open(await sourceFile(), 'r+')
  const { size } = await file.stat()
  await file.write(Buffer.alloc(size - 10, 0xa5), 0, size - 10, 10)
  expect(await check()).toMatchObject([expect.stringMatching(/^error: .*the source cannot be read/)])
})

it('what lies behind the committed end is no error, and is written over', async () => {
  await using file = await open(await sourceFile(), 'a')
  await file.write(Buffer.alloc(5000, 0xa5))
  expect(await check()).toEqual(['ok: 500 events'])
  await using store = await openDuckDbStore({ directory })
  await importRows(store, { rows: [{ n: 500 }] })
  expect(await store.check()).toMatchObject([{ severity: 'ok', message: '501 events' }])
})

it.each([0.9, 0.5, 0.1])(
  'an index cut off at %f of its length is told with what to do about it',
  async (part) => {
    const path = join(directory, `${TEST_INDEX}.duckdb`)
    const { size } = await stat(path)
    await truncate(path, Math.floor(size * part))
    expect(await check()).toMatchObject([
      expect.stringMatching(
        /^error: .*restore the index's files from a backup, or import its evidence again$/s,
      ),
    ])
  },
)

it('a file that is no index is an error that names it, and does not hide the others', async () => {
  const other = 'c'.repeat(32)
  await writeFile(
    join(directory, `${other}.duckdb`),
    'this is not a database, it only says it is'.repeat(500),
  )
  const findings = await check()
  expect(findings).toHaveLength(2)
  expect(findings[0]).toBe('ok: 500 events')
  expect(findings[1]).toMatch(/^error: cannot be read: cannot open .*c{32}\.duckdb/)
  expect(findings[1]).toMatch(/restore the index's files from a backup, or import its evidence again$/)
  expect(TEST_INDEX).not.toBe(other)
})
