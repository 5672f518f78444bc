import { StoreError } from '@timeskein/store'
import { expect, it } from 'vitest'
import type { AppContext } from './app-types.ts'
import { answerProblem } from './problem.ts'

// What the answer reads of a context.
const context = { get: () => 'request-1' } as unknown as AppContext

it('a store that gave up is told as a passing trouble, without its particulars', async () => {
  const response = answerProblem(new StoreError('gave-up', 'the page at /data/x is gone'), context)
  expect(response.status).toBe(503)
  const problem = await response.json()
  expect(problem).toMatchObject({ code: 'store-gave-up', requestId: 'request-1' })
  expect(JSON.stringify(problem)).not.toContain('/data/x')
})

it('a full disk is told as such, wherever in an error it stands, without a path', async () => {
  const noted = Object.assign(new Error('ENOSPC: no space left on device, write /data/x'), { code: 'ENOSPC' })
  const words = new StoreError('gave-up', 'cannot write', {
    cause: new Error('IO Error: Could not write file "/data/x": No space left on device'),
  })
  for (const error of [noted, words, new Error('database or disk is full')]) {
    const response = answerProblem(error, context)
    expect(response.status).toBe(507)
    const problem = await response.json()
    expect(problem).toMatchObject({ code: 'no-room', detail: expect.stringContaining('disk') as string })
    expect(JSON.stringify(problem)).not.toContain('/data/x')
  }
})

it('any other failure is told without its particulars', async () => {
  const response = answerProblem(new StoreError('corrupt', 'cannot open /data/x'), context)
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('/data/x')
})
