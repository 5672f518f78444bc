import { type FileHandle, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { makeTemporaryDirectory } from '../testing/temporary-system.ts'
import { LogSync } from './log-sync.ts'

let directory: string
let path: string
let log: LogSync
beforeEach(async () => {
  directory = await makeTemporaryDirectory()
  path = join(directory, 'x-wal')
  log = new LogSync(path)
})
afterEach(async () => {
  vi.restoreAllMocks()
  await log.close()
  await rm(directory, { recursive: true })
})

/** Watches what is put on the disk, through any handle. */
async function watchDisk() {
  await writeFile(path, 'log')
  const handle = await open(path)
  const prototype = Object.getPrototypeOf(handle) as FileHandle
  await handle.close()
  return vi.spyOn(prototype, 'datasync')
}

it('has nothing to do before there is a log', async () => {
  await log.sync()
  const disk = await watchDisk()
  await log.sync()
  expect(disk).toHaveBeenCalledTimes(1)
})

it('writes once for all who come while it writes, and again for them, as they may have come too late', async () => {
  const disk = await watchDisk()
  const first = log.sync()
  const others = [log.sync(), log.sync(), log.sync()]
  await first
  await Promise.all(others)
  expect(disk).toHaveBeenCalledTimes(2)
})

it('tells those who waited that it failed, and tries again for those behind them', async () => {
  const disk = await watchDisk()
  disk.mockRejectedValueOnce(new Error('the disk is gone'))
  const outcomes = await Promise.allSettled([log.sync(), log.sync()])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
})
