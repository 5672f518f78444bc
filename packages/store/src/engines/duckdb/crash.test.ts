import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { openDuckDbStore } from './open-store.ts'

const INDEX = 'a'.repeat(32)
const IMPORTER = join(import.meta.dirname, 'testing/import-forever.ts')
const ROUNDS = 3

/** Starts the importing process and gathers what it says it has committed. */
function startImporter(directory: string, first: number, rowsPerBatch: number): Importer {
  const child = spawn(process.execPath, [IMPORTER, directory, INDEX, String(first), String(rowsPerBatch)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const acknowledged: number[] = []
  const waiters: { count: number; resolve: () => void }[] = []
  const ready = Promise.withResolvers<void>()
  createInterface({ input: child.stdout! }).on('line', (line) => {
    if (line === 'ready') {
      ready.resolve()
      return
    }
    acknowledged.push(Number(line))
    for (const { count, resolve } of waiters) if (acknowledged.length >= count) resolve()
  })
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return {
    child,
    [Symbol.asyncDispose]: kill,
    kill,
    acknowledged,
    ready: ready.promise,
    waitFor: (count) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      waiters.push({ count, resolve })
      return promise
    },
  }
}

interface Importer extends AsyncDisposable {
  readonly child: ChildProcess
  readonly acknowledged: readonly number[]
  readonly ready: Promise<void>
  waitFor(count: number): Promise<void>
  kill(): Promise<void>
}

it.each([
  ['small', 20],
  ['large', 1500],
])(
  '%s imports are there whole or not at all after the process was killed',
  { timeout: 120_000 },
  async (_, rowsPerBatch) => {
    const directory = await mkdtemp(join(tmpdir(), 'timeskein-crash-'))
    const acknowledged: number[] = []
    let first = 0
    for (let round = 0; round < ROUNDS; round++) {
      await using importer = startImporter(directory, first, rowsPerBatch)
      await importer.waitFor(1)
      // The moment of the kill falls anywhere in the next import: so many turns of this process's own loop.
      for (let turn = Math.floor(Math.random() * 400); turn > 0; turn--) await new Promise(setImmediate)
      await importer.kill()
      acknowledged.push(...importer.acknowledged)

      await using store = await openDuckDbStore({ directory })
      const [info] = await store.listIndexes()
      const whole = info!.eventCount / (3 * rowsPerBatch)
      expect(Number.isInteger(whole)).toBe(true)
      expect(whole).toBeGreaterThanOrEqual(acknowledged.length)
      expect(await store.check()).toMatchObject([{ severity: 'ok' }])
      for (const number of acknowledged.slice(-2)) {
        const found = await store.search({
          scope: [{ index: INDEX }],
          query: { kind: 'term', field: 'import', value: number },
          sort: 'asc',
          size: 1,
        })
        expect(found.total).toBe(3 * rowsPerBatch)
        expect(JSON.parse(found.events[0]!.source)).toMatchObject({ import: number })
      }
      first += 1000
    }
    await rm(directory, { recursive: true })
  },
)

it('an index that another process has open is refused with that process named', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'timeskein-crash-'))
  await using importer = startImporter(directory, 0, 10)
  await importer.ready
  {
    await using store = await openDuckDbStore({ directory })
    const opening = store.describeTimelines(INDEX)
    await expect(opening).rejects.toMatchObject({ code: 'in-use' })
    await expect(opening).rejects.toThrow(`process ${importer.child.pid} has it open`)
  }
  await importer.kill()
  await rm(directory, { recursive: true })
})
