import { readEvidence } from '@timeskein/ingest'
import { expect, test } from 'vitest'
import { type PreparedStretch, StretchPreparer } from './prepare-stretch.ts'

/** Reads a syslog in stretches of a few lines by a preparer that others use meanwhile. */
async function* readLog(name: string, preparer: StretchPreparer): AsyncGenerator<PreparedStretch> {
  const text = Array.from(
    { length: 40 },
    (_, i) => `Mar  1 10:00:${10 + i} host sshd[${i}]: ${name} ${i}\n`,
  ).join('')
  const stream = (async function* () {
    yield Buffer.from(text)
  })()
  const done: PreparedStretch[] = []
  const run = async (job: Parameters<StretchPreparer['prepare']>[0]) => {
    const stretch = preparer.prepare(job)
    done.push(stretch)
    return stretch
  }
  const reading = { stretchBytes: 500, year: 2026 }
  for await (const _ of readEvidence({ stream, name }, reading, { concurrency: 1, run }))
    yield* done.splice(0)
}

test('a preparer that begins anew with each text reads those that go on as before', async () => {
  const preparer = new StretchPreparer(undefined, 0)
  const first = readLog('first', preparer)
  const second = readLog('second', preparer)
  const rows = { first: 0, second: 0 }
  const rowsOf = ({ batches }: PreparedStretch): number =>
    batches.reduce((sum, { batch }) => sum + batch.rowCount, 0)
  for (;;) {
    const [one, two] = [await first.next(), await second.next()]
    if (!one.done) rows.first += rowsOf(one.value)
    if (!two.done) rows.second += rowsOf(two.value)
    if (one.done && two.done) break
  }
  expect(rows).toEqual({ first: 40, second: 40 })
})
