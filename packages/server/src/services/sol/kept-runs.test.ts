import { beforeEach, expect, test } from 'vitest'
import { KeptRuns, MAX_ENDED_RUNS } from './kept-runs.ts'
import { SOL_RESULTS_TTL_MS } from './sol-service.ts'

let now: number
let runs: KeptRuns

beforeEach(() => {
  now = 1000
  runs = new KeptRuns(() => now)
})

function finish(uid: string, userId: number): void {
  const run = runs.begin(uid, userId)
  run.rows = [{ a: 1 }]
  run.status = 'done'
  runs.end(run)
}

test('a user who runs much loses the oldest that ended, never one under way nor one of somebody else', () => {
  runs.begin('long', 1)
  finish('other', 2)
  for (let count = 0; count <= MAX_ENDED_RUNS; count += 1) finish(`run ${count}`, 1)
  expect(['long', 'other', 'run 0', 'run 1'].map((uid) => runs.get(uid)?.status)).toEqual([
    'running',
    'done',
    undefined,
    'done',
  ])
  expect([runs.countRunning(1), runs.countRunning(2)]).toEqual([1, 0])
})

test('rows go when their time is over, and later the run; one under way stays', () => {
  runs.begin('long', 1)
  finish('short', 1)
  now += SOL_RESULTS_TTL_MS
  expect(runs.get('short')).toMatchObject({ status: 'done', rows: [{ a: 1 }] })
  now += 1
  expect(runs.get('short')).toMatchObject({ status: 'expired', rows: [] })
  now += 10 * SOL_RESULTS_TTL_MS
  expect([runs.get('short'), runs.get('long')?.status]).toEqual([undefined, 'running'])
})
