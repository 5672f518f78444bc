import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Database } from './database.ts'

it('has memory for each large import at a time, and gives it back', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'timeskein-database-'))
  const database = await Database.open({ threads: 2, memoryLimitBytes: 2 ** 26, tempDirectory: directory })
  const read = async (setting: string): Promise<unknown> =>
    await database.withSession(async (session) => {
      const [row] = await session.rows(`SELECT current_setting('${setting}')`)
      return row?.[0]
    })
  try {
    expect(await read('memory_limit')).toBe('64.0 MiB')
    await database.enterImport()
    expect(await read('memory_limit')).toBe('64.0 MiB')
    await database.enterImport()
    expect(await read('memory_limit')).toBe('128.0 MiB')
    database.leaveImport()
    database.leaveImport()
    await expect.poll(() => read('memory_limit')).toBe('64.0 MiB')
    await expect.poll(() => read('threads')).toBe(2n)
  } finally {
    await database.close()
    await rm(directory, { recursive: true })
  }
})
