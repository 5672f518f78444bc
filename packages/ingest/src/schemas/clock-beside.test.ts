import { expect, it } from 'vitest'
import { readLog } from '../logs/testing/read-log.ts'

const clocks = ['10:00:00', '-', '10:00:02', '10:00:03', 'unknown']
const text = `Date,Seen,What\n${clocks.map((clock) => `2026-01-02,${clock},did something\n`).join('')}`

it.each(['first', 'all'] as const)('loses no row whose clock is none: %s', async (times) => {
  const { account, rejects, lines } = await readLog(text, { times })
  expect({ rejects, lines }).toEqual({ rejects: [], lines: [2, 3, 4, 5, 6] })
  expect(account).toMatchObject({ format: 'csv', read: 5, rejected: 0 })
})
