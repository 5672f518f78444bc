import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BatchSpace } from '@timeskein/model/events'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readEvidence } from './read-evidence.ts'
import type { ReadItem, StretchExecutor } from './read-item.ts'
import { StretchRunner, type StretchSettings } from './stretch.ts'

const SETTINGS: StretchSettings = {
  format: { kind: 'plaso', keepsDuplicates: false },
  mapping: {
    schema: 'plaso',
    times: [],
    allTimes: [],
    messageField: 'message',
    timeZone: 'UTC',
    dayFirst: undefined,
    profile: { aliases: {}, constants: {} },
    reason: 'made',
  },
  times: 'first',
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timeskein-fault-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

/** Reads stretches here, but fails over those that hold a word. */
function failAt(word: string): StretchExecutor<undefined> {
  const runner = new StretchRunner()
  return {
    concurrency: 2,
    run: async (job) => {
      if (Buffer.from(job.bytes).includes(word)) throw new RangeError('offset is out of range')
      const { batches, ...rest } = runner.run(job)
      return { ...rest, batches: batches.map((batch) => ({ batch, prepared: undefined })) }
    },
  }
}

function summarize(items: readonly ReadItem[]): readonly unknown[] {
  return items.flatMap((item): readonly unknown[] => {
    if (item.kind === 'end') return [[item.account.path, item.account.read, item.account.reasons]]
    return item.kind === 'refused' ? [[item.path, item.reason]] : []
  })
}

function makeLines(word: string): string {
  const line = `${JSON.stringify({ datetime: '2026-03-01T10:00:00Z', message: 'x'.repeat(80) })}\n`
  return `${line.repeat(50)}${line.replace('xx', word)}${line.repeat(50)}`
}

it('a fault over one part of a file takes that part, and no other file', async () => {
  await writeFile(join(folder, 'a.jsonl'), makeLines('xx'))
  await writeFile(join(folder, 'b.jsonl'), makeLines('bad'))
  await writeFile(join(folder, 'c.jsonl'), makeLines('xx'))
  const options = { stretchBytes: 2000 }
  const items = await Array.fromAsync(readEvidence({ path: folder }, options, failAt('bad')))
  const kept = items.reduce((sum, item) => sum + (item.kind === 'batch' ? item.batch.rowCount : 0), 0)
  const [a, b, c] = summarize(items)
  expect(a).toEqual([`${folder}/a.jsonl`, 101, {}])
  expect(b).toEqual([`${folder}/b.jsonl`, expect.any(Number), { 'reader-failed': 1 }])
  expect(c).toEqual([`${folder}/c.jsonl`, 101, {}])
  expect(kept).toBeGreaterThan(202 + 80)
  expect(items.find(({ kind }) => kind === 'rejects')).toMatchObject({
    rejects: [{ detail: expect.stringContaining('RangeError: offset is out of range') }],
  })
})

it('a fault where an input has only begun is told with the name of the input', async () => {
  const stream = (async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('{')
    throw new TypeError('it is undefined')
  })()
  const reading = Array.fromAsync(readEvidence({ stream, name: 'odd' }))
  await expect(reading).rejects.toMatchObject({
    name: 'ReaderFaultError',
    message: expect.stringMatching(
      /^cannot read odd: the reader failed, a fault of ours at .+it is undefined/,
    ),
  })
})

it.each([
  Object.assign(new Error('no space left'), { code: 'ENOSPC', syscall: 'write' }),
  new RangeError('Array buffer allocation failed'),
  new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory'),
  Object.assign(new Error('out of memory'), { code: 'ERR_SQLITE_ERROR', errcode: 7 }),
])('an error of the input, or of the system, is no fault of a reader: %s', async (error) => {
  const failing: StretchExecutor<undefined> = {
    concurrency: 1,
    run: async () => {
      throw error
    },
  }
  await writeFile(join(folder, 'a.jsonl'), makeLines('xx'))
  for (const path of [folder, join(folder, 'a.jsonl')])
    await expect(Array.fromAsync(readEvidence({ path }, {}, failing))).rejects.toThrow(error)
})

it('a fault within a stretch is told with its place, and another stretch is read anew', () => {
  const runner = new StretchRunner()
  const job = { textId: 'a', settings: SETTINGS, startLine: 7, place: 'top', isLast: true } as const
  for (let time = 0; time < 2; time++) {
    const { read, rejects } = runner.run({ ...job, bytes: new Uint8Array([0, 0, 0, 1, 2, 3]) })
    expect({ read, rejects }).toMatchObject({ read: 1, rejects: [{ line: 7, reason: 'reader-failed' }] })
  }
})

it('rows of a stretch for which there was no memory do not come out with those of the next one', () => {
  let isFull = true
  const space = new BatchSpace((sizeBytes) => {
    if (isFull) throw new RangeError('Array buffer allocation failed')
    return new ArrayBuffer(sizeBytes)
  })
  const runner = new StretchRunner(space)
  const settings: StretchSettings = {
    ...SETTINGS,
    format: { kind: 'lines' },
    mapping: { ...SETTINGS.mapping, times: [{ fields: ['datetime'], description: 'made' }] },
  }
  const line = `${JSON.stringify({ datetime: '2026-03-01T10:00:00Z', message: 'x' })}\n`
  const run = (lines: number): number =>
    runner.run({
      textId: 'of all',
      settings,
      startLine: 1,
      place: 'top',
      isLast: false,
      bytes: Buffer.from(line.repeat(lines)),
    }).read
  expect(() => run(3)).toThrow('allocation failed')
  isFull = false
  expect(run(2)).toBe(2)
})
