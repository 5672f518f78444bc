import { type FileHandle, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { makeTemporaryDirectory } from '../testing/temporary-system.ts'
import { LogSync } from './log-sync.ts'

let directory: string
let path: string
let log: LogSync
const beginAnew = vi.fn<(cause: unknown) => Promise<void>>()
beforeEach(async () => {
  directory = await makeTemporaryDirectory()
  path = join(directory, 'x-wal')
  beginAnew.mockReset().mockResolvedValue()
  log = new LogSync(path, beginAnew)
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

it('tells those who waited that it failed, and goes on for those behind them once the log has begun anew', async () => {
  const disk = await watchDisk()
  const failure = new Error('the disk is gone')
  disk.mockRejectedValueOnce(failure)
  const begun = Promise.withResolvers<void>()
  beginAnew.mockReturnValue(begun.promise)
  const first = log.sync()
  const outcomes = Promise.allSettled([first, log.sync()])
  await vi.waitFor(() => expect(beginAnew).toHaveBeenCalledExactlyOnceWith(failure))
  expect(disk).toHaveBeenCalledTimes(1)
  // Who waited may be what the log waits for.
  await expect(first).rejects.toMatchObject({ code: 'not-durable' })
  begun.resolve()
  expect(await outcomes).toMatchObject([
    { status: 'rejected', reason: { code: 'not-durable', cause: failure } },
    { status: 'fulfilled' },
  ])
  expect(disk).toHaveBeenCalledTimes(2)
})

it('never says again that anything is on the disk when the log could not begin anew', async () => {
  const disk = await watchDisk()
  disk.mockRejectedValueOnce(new Error('the disk is gone'))
  beginAnew.mockRejectedValue(new Error('it still is'))
  await expect(log.sync()).rejects.toThrow('could not be put on the disk: a loss of power may take it')
  await expect(log.sync()).rejects.toThrow('start the server again')
  await expect(log.sync()).rejects.toThrow('start the server again')
  expect(disk).toHaveBeenCalledTimes(1)
})
