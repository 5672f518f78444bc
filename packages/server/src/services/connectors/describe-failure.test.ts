import { expect, test } from 'vitest'
import { describeFailure, MAX_BACK_OFF_MS } from './describe-failure.ts'

function makeError(status: number): Error {
  return Object.assign(new Error(`refused ${status}`), { name: 'ApiError', status })
}

test.each([
  [401, /refuses the credentials/],
  [403, /refuses the credentials/],
  [429, /fewer calls/],
  [503, /out of order/],
  [302, /sends callers elsewhere.*Is the address right/],
  [404, /does not exist at the address.*Are the address and the account the right ones/],
])('a refusal with %s is told in words', (status, words) => {
  expect(describeFailure(makeError(status), 1, 'pull').problem).toMatch(words)
})

test('a platform that cannot be reached is told, with what forbids it beneath', () => {
  const lost = Object.assign(new Error('no answer'), { name: 'ConnectionError' })
  expect(describeFailure(lost, 1, 'pull').problem).toMatch(/cannot be reached \(no answer\)/)
})

test('an answer that is none of the platform is told as that', () => {
  const odd = Object.assign(new Error('JSON expected, found "<html>"'), { name: 'AnswerError' })
  expect(describeFailure(odd, 1, 'pull').problem).toMatch(
    /does not speak as the platform does \(JSON expected/,
  )
})

test.each([
  ['test', 'The test failed: no room'],
  ['pull', 'The pull failed: no room'],
] as const)('what is not of the platform is told as a failure of the %s', (attempt, words) => {
  expect(describeFailure(new Error('no room'), 1, attempt).problem).toBe(words)
})

test('waits grow to an hour, and are longer for credentials', () => {
  const waits = [1, 2, 3, 9].map((failures) => describeFailure(makeError(503), failures, 'pull').backOffMs)
  expect(waits).toEqual([60_000, 120_000, 240_000, MAX_BACK_OFF_MS])
  expect(describeFailure(makeError(401), 1, 'pull').backOffMs).toBe(15 * 60_000)
})
