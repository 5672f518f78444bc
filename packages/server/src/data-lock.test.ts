import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockDataDirectory } from './data-lock.ts'
import { makeTemporaryDirectory } from './testing/temporary-system.ts'

let directory: string

beforeEach(async () => {
  directory = await makeTemporaryDirectory()
})
afterEach(async () => {
  await rm(directory, { recursive: true })
})

it('keeps a second one out and names the holder', async () => {
  const lock = await lockDataDirectory(directory)
  await expect(lockDataDirectory(directory)).rejects.toMatchObject({
    code: 'data-directory-locked',
    message: expect.stringContaining(`process ${process.pid} on ${hostname()}`) as string,
  })
  await lock.release()
  await (await lockDataDirectory(directory)).release()
})

it('takes over from a process that is gone and says so', async () => {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  const holder = { pid: child.pid, host: hostname(), startedAt: '2026-01-01T00:00:00Z' }
  await writeFile(join(directory, 'lock.json'), JSON.stringify(holder))
  const lock = await lockDataDirectory(directory)
  expect(lock.tookOverFrom?.pid).toBe(child.pid)
  expect(JSON.parse(await readFile(join(directory, 'lock.json'), 'utf8'))).toMatchObject({ pid: process.pid })
  await lock.release()
})

it('takes over from a process whose number another one has now', async () => {
  const holder = { pid: process.pid, host: hostname(), startedAt: 'x', processStart: '1' }
  await writeFile(join(directory, 'lock.json'), JSON.stringify(holder))
  const lock = await lockDataDirectory(directory)
  expect(lock.tookOverFrom?.pid).toBe(process.pid)
  await lock.release()
})

it('respects a holder on another machine', async () => {
  await writeFile(
    join(directory, 'lock.json'),
    JSON.stringify({ pid: 1, host: 'elsewhere.example', startedAt: 'x' }),
  )
  await expect(lockDataDirectory(directory)).rejects.toMatchObject({ details: { host: 'elsewhere.example' } })
})

it('takes over a lock file that a crash cut off', async () => {
  await writeFile(join(directory, 'lock.json'), '{"pid":')
  await (await lockDataDirectory(directory)).release()
})

it('makes the directory for its owner only', async () => {
  const inner = join(directory, 'a', 'b')
  const lock = await lockDataDirectory(inner)
  expect((await stat(inner)).mode & 0o777).toBe(0o700)
  await lock.release()
})
