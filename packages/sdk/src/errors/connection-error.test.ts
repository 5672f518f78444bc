import { expect, it } from 'vitest'
import { ConnectionError } from './connection-error.ts'

it('a port that fetch never asks is told as the cause', async () => {
  const cause = await fetch('http://127.0.0.1:6000/').catch((error: unknown) => error)
  expect(new ConnectionError('http://127.0.0.1:6000', { cause }).message).toBe(
    'no answer from http://127.0.0.1:6000 (bad port): fetch never asks this port; let the server listen on another',
  )
})

it('any other cause leaves the question whether a server runs there', () => {
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
  expect(new ConnectionError('http://a.example', { request: 'GET /x', cause }).message).toBe(
    'no answer from http://a.example (GET /x, ECONNREFUSED): is the server running there?',
  )
})

it('an answer that broke off is not taken for a server that does not run', () => {
  const cause = Object.assign(new Error('closed'), { code: 'UND_ERR_SOCKET' })
  const answered = new Response('', { headers: { 'x-request-id': 'r1' } })
  const error = new ConnectionError('http://a.example', { request: 'GET /x', cause, answered })
  expect(error.message).not.toContain('is the server running')
  expect(error).toMatchObject({ requestId: 'r1', advice: expect.stringMatching(/^Ask again/) as string })
})
