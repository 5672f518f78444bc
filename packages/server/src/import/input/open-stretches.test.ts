import { readEvidence } from '@timeskein/ingest'
import { expect, it } from 'vitest'
import { type PreparedStretch, StretchPreparer } from '../threads/prepare-stretch.ts'
import { OpenStretches } from './open-stretches.ts'

/** A stretch of two batches. */
async function makeStretch(): Promise<PreparedStretch> {
  const text = 'datetime,message\n2026-01-01,a\n2026-01-01,b\n'
  const stream = (async function* () {
    yield Buffer.from(text)
  })()
  const preparer = new StretchPreparer()
  const stretches: PreparedStretch[] = []
  const run = async (job: Parameters<StretchPreparer['prepare']>[0]) => {
    const stretch = preparer.prepare(job)
    stretches.push(stretch)
    return stretch
  }
  for await (const _ of readEvidence({ stream, name: 'a.csv' }, { maxRows: 1 }, { concurrency: 1, run }));
  return stretches[0]!
}

it('counts a stretch from its reading until all of its batches are stored, each once', async () => {
  const open = new OpenStretches()
  const { promise, resolve } = Promise.withResolvers<PreparedStretch>()
  const adding = open.add(promise)
  expect(open.count).toBe(1)
  resolve(await makeStretch())
  const [first, second] = (await adding).batches
  open.release(first!.batch)
  open.release(first!.batch)
  expect(open.count).toBe(1)
  open.release(second!.batch)
  expect(open.count).toBe(0)
})

it('does not count what has no batches, or could not be read', async () => {
  const open = new OpenStretches()
  const stretch = await makeStretch()
  await open.add(Promise.resolve({ ...stretch, batches: [] }))
  await expect(open.add(Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  open.release(stretch.batches[0]!.batch)
  expect(open.count).toBe(0)
})
