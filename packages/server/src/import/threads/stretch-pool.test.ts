import { Buffer } from 'node:buffer'
import type { Worker } from 'node:worker_threads'
import type { StretchJob } from '@timeskein/ingest'
import { afterAll, expect, it, vi } from 'vitest'
import type { PreparedStretch } from './prepare-stretch.ts'
import { StretchPool } from './stretch-pool.ts'

const pool = new StretchPool(1)
afterAll(() => pool.close())

function makeJob(texts: readonly string[], datetime = '2024-01-01T00:00:00Z'): StretchJob {
  const lines = texts.map((message) => JSON.stringify({ datetime, message }))
  const bytes = new Uint8Array(Buffer.from(`${lines.join('\n')}\n`))
  const mapping = {
    schema: 'generic',
    times: [{ fields: ['datetime'], description: 'made' }],
    allTimes: [],
    timeZone: 'UTC',
    dayFirst: undefined,
    profile: { aliases: {}, constants: {} },
    reason: 'made',
  }
  const settings = { format: { kind: 'lines' as const }, mapping, times: 'first' as const }
  return { textId: 'text', settings, bytes, startLine: 1, place: 'top', isLast: true }
}

const readTexts = ({ batches }: PreparedStretch): string[] =>
  batches.flatMap(({ batch: { source, rowCount } }) =>
    Array.from({ length: rowCount }, (_, row) => {
      const text = Buffer.from(source.bytes.slice(source.offsets[row]!, source.offsets[row + 1]!))
      return (JSON.parse(text.toString()) as { message: string }).message
    }),
  )

/** Whether both lie in the same memory: each message makes an object of its own for it. */
function areInOneRoom(one: PreparedStretch, other: PreparedStretch): boolean {
  const [mine, theirs] = [one, other].map(
    ({ batches }) => new Uint8Array(batches[0]!.batch.source.bytes.buffer),
  )
  const before = mine![0]!
  mine![0] = before ^ 1
  const isShared = theirs![0] === (before ^ 1)
  mine![0] = before
  return isShared && mine!.length === theirs!.length
}

function takeBack({ batches }: PreparedStretch): void {
  for (const { batch } of batches) pool.takeBack(batch)
}

it('uses the memory of a batch again once it is taken back, and not before', async () => {
  const first = await pool.run(makeJob(['one', 'two']))
  const second = await pool.run(makeJob(['three']))
  expect([readTexts(first), readTexts(second)]).toEqual([['one', 'two'], ['three']])
  expect(areInOneRoom(first, second)).toBe(false)
  takeBack(first)
  const third = await pool.run(makeJob(['four', 'five']))
  expect(areInOneRoom(first, third)).toBe(true)
  expect([readTexts(second), readTexts(third)]).toEqual([['three'], ['four', 'five']])
})

it('gives a stretch more room where what was used before is too small, and keeps that', async () => {
  const small = await pool.run(makeJob(['small']))
  takeBack(small)
  const texts = Array.from({ length: 8000 }, (_, i) => `row ${i} ${'x'.repeat(i % 397)}`)
  const large = await pool.run(makeJob(texts))
  expect(readTexts(large)).toEqual(texts)
  takeBack(large)
  const again = await pool.run(makeJob(texts.toReversed()))
  expect(readTexts(again)).toEqual(texts.toReversed())
  const { batch, prepared } = again.batches[0]!
  const parts = [prepared.terms.bytes, prepared.hashes, ...prepared.blocks.map(({ data }) => data)]
  expect(new Set(parts.map(({ buffer }) => buffer))).toEqual(new Set([batch.source.bytes.buffer]))
  expect(areInOneRoom(large, again)).toBe(true)
})

it('uses the memory of a stretch again that lay in one of its buffers, and copies nothing of it', async () => {
  const job = makeJob(['in shared memory', 'é'])
  const buffer = pool.buffers.take(job.bytes.length)
  const bytes = new Uint8Array(buffer)
  bytes.set(job.bytes)
  const stretch = await pool.run({ ...job, bytes })
  bytes.fill(0)
  expect(readTexts(stretch)).toEqual(['in shared memory', 'é'])
  expect(pool.buffers.take(job.bytes.length)).toBe(buffer)
})

it('passes over what it did not give', async () => {
  const stretch = await pool.run(makeJob(['kept']))
  const { batch } = stretch.batches[0]!
  pool.takeBack({ ...batch })
  const next = await pool.run(makeJob(['next']))
  expect([readTexts(stretch), readTexts(next)]).toEqual([['kept'], ['next']])
})

it('reads a row too long for its usual memory behind a stretch of which no row was kept', async () => {
  const none = await pool.run(makeJob(['undated'], 'never'))
  expect([none.batches.length, none.rejects.length]).toEqual([0, 1])
  const long = 'x'.repeat(33 * 1024 * 1024)
  const stretch = await pool.run(makeJob([long]))
  expect(stretch.rejects).toEqual([])
  expect(readTexts(stretch).map((text) => text === long)).toEqual([true])
})

/** What a task makes of a pool, and how many threads were started meanwhile. */
async function countStarted(
  [size, processors]: readonly [number, number],
  task: (pool: StretchPool) => Promise<void>,
): Promise<number> {
  let started = 0
  const count = (): void => {
    started++
  }
  const counted = new StretchPool(size, processors)
  process.on('worker', count)
  try {
    await task(counted)
    return started
  } finally {
    process.off('worker', count)
    await counted.close()
  }
}

it('starts its threads when it is told that there will be work, and no others for the work', async () => {
  const started = await countStarted([2, 4], async (ready) => {
    ready.prepare()
    ready.prepare()
    expect(readTexts(await ready.run(makeJob(['one'])))).toEqual(['one'])
  })
  expect(started).toBe(2)
})

it('has one thread on few processors for work that is little', async () => {
  const started = await countStarted([2, 2], async (few) => {
    few.prepare()
    const texts = Array.from({ length: 7 }, (_, i) => `${i}`)
    const stretches = await Promise.all(texts.map((text) => few.run(makeJob([text]))))
    expect(stretches.flatMap(readTexts)).toEqual(texts)
  })
  expect(started).toBe(1)
})

it('starts another one where stretches are waited for again and again, not where the store is', async () => {
  const texts = Array.from({ length: 12 }, (_, i) => `${i}`)
  const whenReadingIsSlow = await countStarted([2, 2], async (few) => {
    const stretches = await Promise.all(texts.map((text) => few.run(makeJob([text]))))
    expect(stretches.flatMap(readTexts)).toEqual(texts)
  })
  const whenStoringIsSlow = await countStarted([2, 2], async (few) => {
    for (let at = 0; at < texts.length; at += 2)
      await Promise.all(texts.slice(at, at + 2).map((text) => few.run(makeJob([text]))))
  })
  expect([whenReadingIsSlow, whenStoringIsSlow]).toEqual([2, 1])
})

it('ends threads without work after a while, and later when more of the same is expected', async () => {
  let started = 0
  const count = (): void => {
    started++
  }
  const waiting = new StretchPool(1)
  const runAfterPause = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(20_000)
    expect(readTexts(await waiting.run(makeJob(['one'])))).toEqual(['one'])
  }
  process.on('worker', count)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    waiting.expectMore(true)
    await runAfterPause()
    await runAfterPause()
    expect(started).toBe(1)
    waiting.expectMore(false)
    await runAfterPause()
    expect(started).toBe(1)
    await runAfterPause()
    expect(started).toBe(2)
  } finally {
    vi.useRealTimers()
    process.off('worker', count)
    await waiting.close()
  }
})

it('tells the end of a thread, and what failed in it, by their kinds', async () => {
  const threads: Worker[] = []
  const note = (thread: Worker): void => void threads.push(thread)
  const short = new StretchPool(1)
  process.on('worker', note)
  try {
    const { settings, ...job } = makeJob(['one'])
    // A table without columns cannot be read.
    const odd = { ...settings, format: { kind: 'csv' } } as unknown as StretchJob['settings']
    await expect(short.run({ ...job, settings: odd })).rejects.toBeInstanceOf(TypeError)
    const reading = short.run(makeJob(['two']))
    void threads[0]?.terminate()
    await expect(reading).rejects.toMatchObject({ code: 'reading-thread-ended' })
    expect(readTexts(await short.run(makeJob(['three'])))).toEqual(['three'])
  } finally {
    process.off('worker', note)
    await short.close()
  }
})
