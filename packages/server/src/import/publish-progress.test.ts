import { expect, test } from 'vitest'
import type { ImportProgress } from './import-service.ts'
import { thinOut } from './publish-progress.ts'

function at(phase: ImportProgress['phase'], bytesDone: number): ImportProgress {
  return {
    phase,
    bytesDone,
    bytesTotal: undefined,
    rowsStored: 0,
    rowsRejected: 0,
    rowsDuplicate: 0,
    file: 'a',
    elapsedMs: 0,
  }
}

test('each phase is told, and within it twice a second at most', async () => {
  let nowMs = 0
  async function* work(): AsyncGenerator<ImportProgress> {
    yield at('queued', 0)
    for (let step = 1; step <= 100; step++) {
      nowMs += 20
      yield at('reading', step)
    }
    yield at('committing', 100)
    yield at('ended', 100)
  }
  const told: [string, number][] = []
  for await (const { phase, bytesDone } of thinOut(work(), () => nowMs)) told.push([phase, bytesDone])
  expect(told).toEqual([
    ['queued', 0],
    ['reading', 1],
    ['reading', 26],
    ['reading', 51],
    ['reading', 76],
    ['committing', 100],
    ['ended', 100],
  ])
})
