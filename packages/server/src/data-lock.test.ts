import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises'
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

it('respects a holder on another machine, names it, and says what to do when it is gone', async () => {
  const path = join(directory, 'lock.json')
  // A number that a process of this machine has not: it must not be looked for here.
  const foreign = JSON.stringify({ pid: 4_194_305, host: 'elsewhere.example', startedAt: 'yesterday' })
  await writeFile(path, foreign)
  await expect(lockDataDirectory(directory)).rejects.toMatchObject({
    code: 'data-directory-locked',
    details: { host: 'elsewhere.example', pid: 4_194_305 },
    message: expect.stringMatching(
      /process 4194305 on elsewhere\.example since yesterday\..* if it certainly does not, delete .*lock\.json\.$/,
    ) as string,
  })
  expect(await readdir(directory)).toEqual(['lock.guard', 'lock.json'])
  expect(await readFile(path, 'utf8')).toBe(foreign)
  await unlink(path)
  await (await lockDataDirectory(directory)).release()
})

it('lets one of several processes in that find the same lock of one that is gone', async () => {
  const gone = { pid: 4_194_305, host: hostname(), startedAt: 'x' }
  await writeFile(join(directory, 'lock.json'), JSON.stringify(gone))
  const module = JSON.stringify(new URL('./data-lock.ts', import.meta.url).href)
  const code = `const { lockDataDirectory } = await import(${module})
    await lockDataDirectory(${JSON.stringify(directory)}).then(() => console.log('in'), (error) => console.log(error.code))
    process.stdin.resume()`
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['pipe', 'pipe', 'inherit'] }),
  )
  const said = await Promise.all(children.map(async (child) => String((await once(child.stdout, 'data'))[0])))
  for (const child of children) child.stdin.end()
  expect(said.toSorted()).toEqual([...Array.from({ length: 3 }, () => 'data-directory-locked\n'), 'in\n'])
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
