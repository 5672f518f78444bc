import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { NotedStretches } from './stretches.ts'

async function makePath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stretches-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, 'stretches')
}

test('stretches that come in any order, twice and overlapping make one, and what lacks is the first gap', async () => {
  const noted = new NotedStretches(await makePath(), 'run')
  expect(noted.findGap(10)).toEqual({ start: 0, end: 10 })
  for (const [start, end] of [
    [6, 8],
    [2, 4],
    [6, 8],
  ] as const)
    await noted.note({ start, end })
  expect(noted.findGap(10)).toEqual({ start: 0, end: 2 })
  await noted.note({ start: 0, end: 3 })
  expect(noted.findGap(10)).toEqual({ start: 4, end: 6 })
  await noted.note({ start: 4, end: 6 })
  expect(noted.findGap(10)).toEqual({ start: 8, end: 10 })
  expect(noted.end).toBe(8)
  await noted.note({ start: 8, end: 10 })
  expect(noted.findGap(10)).toBeUndefined()
})

test('what is about to be written over lacks until it is noted again, for whoever reads the file too', async () => {
  const path = await makePath()
  const noted = new NotedStretches(path, 'run')
  await noted.note({ start: 0, end: 9 })
  await noted.lose({ start: 3, end: 6 })
  for (const one of [noted, await NotedStretches.read(path, 'run')])
    expect(one.findGap(9)).toEqual({ start: 3, end: 6 })
  await noted.note({ start: 3, end: 6 })
  for (const one of [noted, await NotedStretches.read(path, 'run')]) expect(one.findGap(9)).toBeUndefined()
})

test('a stretch counts in the run of the machine that wrote it, one on the disk in each', async () => {
  const path = await makePath()
  await new NotedStretches(path, 'run-1').note({ start: 3, end: 6 })
  await new NotedStretches(path, undefined).note({ start: 0, end: 3 })
  // A line that broke off.
  await appendFile(path, '6 9')
  expect((await NotedStretches.read(path, 'run-1')).end).toBe(6)
  expect((await NotedStretches.read(path, 'run-2')).end).toBe(3)
  expect(await readFile(path, 'utf8')).toContain('0 3 synced')
})

test('as many stretches as a large file has in small chunks are read', async () => {
  const path = await makePath()
  const count = 200_000
  await appendFile(path, Array.from({ length: count }, (_, i) => `${2 * i} ${2 * i + 2} run\n`).join(''))
  const noted = await NotedStretches.read(path, 'run')
  expect(noted.end).toBe(2 * count)
  expect(noted.findGap(2 * count)).toBeUndefined()
})
