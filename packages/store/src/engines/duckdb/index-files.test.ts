import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ByteCache } from './byte-cache.ts'
import { Database } from './database.ts'
import { IndexFiles } from './index-files.ts'

const INDEX = '5'.repeat(32)

let directory: string
let database: Database
let files: IndexFiles

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'timeskein-files-'))
  database = await Database.open({ threads: 1, memoryLimitBytes: 2 ** 28, tempDirectory: directory })
  files = new IndexFiles(database, directory, {
    blocks: new ByteCache(2 ** 20),
    times: new ByteCache(2 ** 20),
    terms: new ByteCache(2 ** 20),
  })
  await files.create(INDEX)
})
afterEach(async () => {
  vi.restoreAllMocks()
  await files.close()
  await database.close()
  await rm(directory, { recursive: true })
})

function failNextSessions(count: number): void {
  const withSession = vi.spyOn(database, 'withSession')
  for (let n = 0; n < count; n++) withSession.mockRejectedValueOnce(new Error('no memory'))
}

it('an index whose refresh failed once is in use again afterwards, by those who hold it and by others', async () => {
  using held = await files.lease(INDEX)
  failNextSessions(2)
  await held.file.refreshAfterCommit()
  await expect(files.lease(INDEX)).rejects.toThrow('no memory')
  expect(held.isAlone).toBe(true)
  {
    using other = await files.lease(INDEX)
    expect(other.file).toBe(held.file)
    expect(held.isAlone).toBe(false)
  }
  expect(held.isAlone).toBe(true)
})

it('an index that could not be opened is opened anew by the next who asks', async () => {
  const other = '6'.repeat(32)
  await expect(files.lease(other)).rejects.toMatchObject({ code: 'no-index' })
  failNextSessions(1)
  await expect(files.create(other)).rejects.toThrow('no memory')
  await files.create(other)
  using lease = await files.lease(other)
  expect(lease.isAlone).toBe(true)
})
