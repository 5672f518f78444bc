import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { notDurable } from '../errors/not-durable.ts'
import type { AppContext, AppEnv } from '../http/app-types.ts'
import { answerProblem } from '../http/problem.ts'
import { createLogger } from '../log.ts'
import { answerRefusal as answerElements } from './elements/answer-refusal.ts'
import { answerRefusal as answerSekoia } from './sekoia/answer-refusal.ts'
import { answerRefusal as answerThreatStack } from './threatstack/wire/refusals.ts'
import { answerError as answerTimesketch } from './timesketch/errors.ts'

const SENTENCE = 'This was not done: see to the disk and start the server again.'
const FULL = Object.assign(new Error('ENOSPC: no space left on device, fdatasync'), { code: 'ENOSPC' })
const BROKEN = Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })

const ENVELOPES = {
  timesketch: [answerTimesketch, '/api/v1/sketches/', { message: SENTENCE }],
  skein: [answerProblem, '/api/skein/v1/sketches', { detail: SENTENCE, code: 'not-durable' }],
  elements: [answerElements, '/elements/security-events/v1/x', { details: { reason: SENTENCE } }],
  'elements tokens': [answerElements, '/elements/as/token.oauth2', { error_description: SENTENCE }],
  sekoia: [answerSekoia, '/sekoia/api/v1/sic/alerts', { message: SENTENCE, code: 'not-durable' }],
  'threatstack v1': [answerThreatStack, '/threatstack/api/v1/alerts', { status: 'error', message: SENTENCE }],
  'threatstack v2': [answerThreatStack, '/threatstack/v2/alerts', { errors: [SENTENCE] }],
} as const

/** What an answer to something thrown looks like to a client. */
async function ask(
  answer: (error: unknown, c: AppContext) => Response,
  path: string,
  thrown: Error,
): Promise<{ status: number; body: unknown }> {
  const app = new Hono<AppEnv>()
  app.use(async (c, next) => {
    c.set('requestId', 'request-1')
    c.set('log', createLogger({ level: 'silent' }))
    await next()
  })
  app.all('*', () => {
    throw thrown
  })
  app.onError(answer)
  const response = await app.request(path, { method: 'POST' })
  return { status: response.status, body: await response.json() }
}

test.each(Object.entries(ENVELOPES))(
  '%s says why nothing is written any more',
  async (_name, [answer, path, body]) => {
    expect(await ask(answer, path, notDurable(SENTENCE, BROKEN))).toMatchObject({ status: 503, body })
    expect(await ask(answer, path, notDurable(SENTENCE, FULL))).toMatchObject({ status: 507, body })
  },
)

test.each(Object.entries(ENVELOPES))('%s says that the disk is full', async (_name, [answer, path]) => {
  const { status, body } = await ask(answer, path, FULL)
  expect(status).toBe(507)
  expect(JSON.stringify(body)).toContain('The disk of the server is full')
})

test('clients of the token endpoint hear that the fault is not theirs', async () => {
  const [answer, path] = ENVELOPES['elements tokens']
  const namesOf = async (thrown: Error): Promise<unknown> =>
    ((await ask(answer, path, thrown)).body as { error: unknown }).error
  expect(await namesOf(notDurable(SENTENCE, BROKEN))).toBe('temporarily_unavailable')
  expect(await namesOf(notDurable(SENTENCE, FULL))).toBe('server_error')
  expect(await namesOf(FULL)).toBe('server_error')
  expect(await namesOf(BROKEN)).toBe('server_error')
})
