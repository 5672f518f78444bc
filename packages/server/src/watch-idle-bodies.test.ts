import { once } from 'node:events'
import { request } from 'node:http'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { mountSkein } from './dialects/skein/mount-skein.ts'
import { createApp } from './http/create-app.ts'
import { type Listening, listen } from './listen.ts'
import { openTemporarySystem, type TemporarySystem } from './testing/temporary-system.ts'

let temporary: TemporarySystem
let listening: Listening
let sketchId: number
let headers: Record<string, string>

beforeEach(async () => {
  temporary = await openTemporarySystem()
  const { auth, sketches } = temporary.system.services
  const { key } = await auth.createApiKey(temporary.admin, { name: 'k', scopes: ['write'] })
  headers = { authorization: `Bearer ${key}` }
  sketchId = (await sketches.create(temporary.admin, { name: 'case' })).id
  const app = createApp(temporary.system, { dialects: [mountSkein] })
  listening = await listen(app, temporary.system, { port: 0, bodyIdleMs: 20 })
})
afterEach(async () => {
  await listening.stop(0)
  await temporary[Symbol.asyncDispose]()
})

const LINE = '{"datetime":"2024-01-01T00:00:00Z","message":"m"}\n'

it('cuts off an upload that falls silent, and takes back what it had imported', async () => {
  const { imports, explore } = temporary.system.services
  const changed = Promise.withResolvers<void>()
  const over = new AbortController()
  const watch = async (): Promise<void> => {
    for await (const _change of temporary.system.services.changes.subscribe(sketchId, over.signal)) {
      const [job] = await imports.list(temporary.admin, sketchId)
      if (job && job.status !== 'queued' && job.status !== 'running') changed.resolve()
    }
  }
  const watching = watch()
  const url = `${listening.url}/api/skein/v1/sketches/${sketchId}/imports?timeline=t&name=x.jsonl`
  const upload = request(url, { method: 'POST', headers: { ...headers, 'transfer-encoding': 'chunked' } })
  const cut = once(upload, 'error')
  upload.write(LINE)
  await cut
  await changed.promise
  over.abort()
  await watching
  const [job] = await imports.list(temporary.admin, sketchId)
  expect(job?.status).not.toBe('done')
  await expect(explore.count(temporary.admin, { sketchId, query: { kind: 'all' } })).rejects.toMatchObject({
    code: 'no-timelines',
  })
})

it('leaves a client alone whose body has come, however long the answer is silent', async () => {
  const { changes } = temporary.system.services
  const answer = await fetch(`${listening.url}/api/skein/v1/sketches/${sketchId}/changes`, { headers })
  const cut = request(`${listening.url}/api/skein/v1/sketches/${sketchId}/search`, {
    method: 'POST',
    headers: { ...headers, 'content-length': '10' },
  })
  const gone = once(cut, 'error')
  cut.write('{')
  // Whoever began later has been cut off: so would this one have been.
  await gone
  const reader = answer.body!.getReader()
  changes.publish({ sketchId, revision: 77, kind: 'sketch', details: {} })
  const decoder = new TextDecoder()
  let text = ''
  while (!text.includes('id: 77')) text += decoder.decode((await reader.read()).value)
  expect(text).toContain('event: sketch')
  await reader.cancel()
})
