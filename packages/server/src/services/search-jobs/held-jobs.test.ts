import { expect, test } from 'vitest'
import { type HeldJob, HeldJobs } from './held-jobs.ts'

function jobOf(length: number, count = 1): HeldJob {
  // Of an event only its text is looked at.
  const event = { source: 'x'.repeat(length) } as HeldJob['first'][number]
  return {
    scope: [],
    query: { kind: 'all' },
    total: count,
    first: new Array(count).fill(event),
    cursors: new Map(),
  }
}

test('as much is held as there is room for, and what was asked for longest ago goes', () => {
  const jobs = new HeldJobs(1000)
  for (let number = 0; number < 4; number++) jobs.hold(`${number}`, jobOf(125, 2))
  jobs.hold('0', jobs.get('0')!)
  jobs.hold('4', jobOf(10))
  expect(['0', '1', '2', '3', '4'].filter((uid) => jobs.get(uid))).toEqual(['0', '2', '3', '4'])
  for (let number = 0; number < 200; number++) jobs.hold(`small ${number}`, jobOf(0))
  expect([jobs.get('4'), jobs.get('small 99'), jobs.get('small 100')?.total]).toEqual([
    undefined,
    undefined,
    1,
  ])
})

test('of a job with very large events only the question is held', () => {
  const jobs = new HeldJobs(1000)
  expect(jobs.hold('large', jobOf(251))).toMatchObject({ first: [], total: 1 })
  expect(jobs.get('large')?.first).toEqual([])
})
