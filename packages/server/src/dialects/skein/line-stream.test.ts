import { expect, it } from 'vitest'
import { createApp } from '../../http/create-app.ts'
import { createLogger } from '../../log.ts'
import { openEmbeddedStore } from '../../open-embedded-store.ts'
import { openTemporarySystem } from '../../testing/temporary-system.ts'
import { mountSkein } from './mount-skein.ts'

interface LogLine {
  readonly level: string
  readonly msg: string
  readonly requestId?: string
  readonly err?: { message: string }
}

it('notes in the log, under the request’s id, why an answer that had begun broke off', async () => {
  const log: LogLine[] = []
  const logger = createLogger({ destination: { write: (line) => void log.push(JSON.parse(line)) } })
  await using temporary = await openTemporarySystem({
    logger,
    async openStore(path) {
      const store = await openEmbeddedStore(path)
      store.search = () => Promise.reject(new Error('secret particulars of search'))
      store.scan = () => {
        throw new Error('secret particulars of scan')
      }
      return store
    },
  })
  const { services } = temporary.system
  const { key } = await services.auth.createApiKey(temporary.admin, { name: 'k', scopes: ['write'] })
  const sketch = await services.sketches.create(temporary.admin, { name: 'case' })
  await services.events.create(temporary.admin, sketch.id, { timeUs: 1n, source: { message: 'm' } })
  const app = createApp(temporary.system, { dialects: [mountSkein] })
  const send = async (what: string): Promise<Response> =>
    await app.fetch(
      new Request(`http://localhost/api/skein/v1/sketches/${sketch.id}/${what}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'x-request-id': `the-${what}` },
        body: '{}',
      }),
    )

  expect(JSON.parse(await (await send('search')).text())).toEqual({
    type: 'error',
    code: 'internal',
    detail: expect.stringContaining('request id'),
  })
  await expect((await send('export')).text()).rejects.toThrow()
  const broken = log.filter((line) => line.msg === 'an answer broke off')
  expect(broken).toMatchObject([
    { level: 'error', requestId: 'the-search', err: { message: 'secret particulars of search' } },
    { level: 'error', requestId: 'the-export', err: { message: 'secret particulars of scan' } },
  ])
})
