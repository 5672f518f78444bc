import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Database } from './database.ts'
import { SqlSession } from './sql-session.ts'

let directory: string
let database: Database
let troubles: string[]

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'timeskein-database-'))
  troubles = []
  database = await Database.open({
    threads: 2,
    memoryLimitBytes: 2 ** 28,
    tempDirectory: directory,
    onTrouble: (message, cause) => troubles.push(`${message}: ${cause}`),
  })
})

afterEach(async () => {
  vi.restoreAllMocks()
  await database.close()
  await rm(directory, { recursive: true })
})

async function read(setting: string): Promise<unknown> {
  return await database.withSession(async (session) => {
    const [row] = await session.rows(`SELECT current_setting('${setting}')`)
    return row?.[0]
  })
}

it('has memory for the columns of each large import at a time, and then what it had before', async () => {
  const [one, other] = [{}, {}]
  expect(await read('memory_limit')).toBe('256.0 MiB')
  await database.enterImport(one, 20)
  expect(await read('memory_limit')).toBe('130.0 MiB')
  await database.enterImport(one, 100)
  expect(await read('memory_limit')).toBe('170.0 MiB')
  await database.enterImport(other, 400)
  expect(await read('memory_limit')).toBe('426.0 MiB')
  database.leaveImport(one)
  await expect.poll(() => read('memory_limit')).toBe('256.0 MiB')
  expect(await read('threads')).toBe(1n)
  database.leaveImport(other)
  await expect.poll(() => read('threads')).toBe(2n)
  expect(troubles).toEqual([])
})

it('has memory for a commit until that has ended, whatever imports go on', async () => {
  const [one, other] = [{}, {}]
  await database.enterImport(one, 20)
  await database.enterCommit(other)
  expect(await read('memory_limit')).toBe('1.1 GiB')
  await database.enterImport(one, 100)
  expect(await read('memory_limit')).toBe('1.1 GiB')
  database.leaveImport(other)
  await expect.poll(() => read('memory_limit')).toBe('170.0 MiB')
  await database.enterCommit(one)
  expect(await read('memory_limit')).toBe('1.0 GiB')
  database.leaveImport(one)
  await expect.poll(() => read('memory_limit')).toBe('256.0 MiB')
  expect(await read('threads')).toBe(2n)
  expect(troubles).toEqual([])
})

it('lowers no greater limit for a commit', async () => {
  await database.close()
  database = await Database.open({ threads: 2, memoryLimitBytes: 2 ** 32, tempDirectory: directory })
  const [one, other] = [{}, {}]
  await database.enterCommit(other)
  expect(await read('memory_limit')).toBe('4.0 GiB')
  await database.enterImport(one, 20)
  expect(await read('memory_limit')).toBe('4.0 GiB')
  database.leaveImport(other)
  await expect.poll(() => read('memory_limit')).toBe('130.0 MiB')
})

it('has its threads back where its memory cannot be had back, and says so', async () => {
  const importer = {}
  await database.enterImport(importer, 20)
  expect(await read('threads')).toBe(1n)
  const run = SqlSession.prototype.run
  const refusing = vi.spyOn(SqlSession.prototype, 'run').mockImplementation(async function (
    this: SqlSession,
    sql,
    parameters,
  ) {
    if (sql.includes('memory_limit')) throw new Error('could not free up enough memory')
    await run.call(this, sql, parameters)
  })
  database.leaveImport(importer)
  await expect.poll(() => read('threads')).toBe(2n)
  expect(await read('memory_limit')).toBe('130.0 MiB')
  expect(troubles[0]).toBe(
    'the embedded store could not set its memory_limit to 262144KiB: Error: could not free up enough memory',
  )
  refusing.mockRestore()
  await database.enterImport(importer, 40)
  expect(await read('memory_limit')).toBe('140.0 MiB')
  database.leaveImport(importer)
})
