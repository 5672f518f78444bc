import { afterEach, beforeEach, expect, it } from 'vitest'
import type { SketchCall } from '../../../http/app-types.ts'
import { createApp } from '../../../http/create-app.ts'
import { openTemporarySystem, type TemporarySystem } from '../../../testing/temporary-system.ts'
import { mountSkein } from '../mount-skein.ts'
import { writeEvents } from './changes.ts'

let temporary: TemporarySystem
let sketchId: number

beforeEach(async () => {
  temporary = await openTemporarySystem()
  sketchId = (await temporary.system.services.sketches.create(temporary.admin, { name: 'case' })).id
})
afterEach(async () => {
  await temporary[Symbol.asyncDispose]()
})

/** Reads lines until one has the text, or to the end. */
async function readTo(reader: ReadableStreamDefaultReader<Uint8Array>, text: string): Promise<string> {
  const decoder = new TextDecoder()
  let read = ''
  while (!read.includes(text)) {
    const { done, value } = await reader.read()
    if (done) break
    read += decoder.decode(value)
  }
  return read
}

it('says that it lives while nothing happens', async () => {
  const { services } = temporary.system
  const sketch = await services.sketches.get(temporary.admin, sketchId)
  const call = { services, sketch, principal: temporary.admin } as SketchCall
  const abort = new AbortController()
  const events = writeEvents(call, async () => true, undefined, abort, 1)
  expect((await events.next()).value).toMatch(/^: revision/)
  expect((await events.next()).value).toBe(': alive\n\n')
  services.changes.publish({ sketchId, revision: 5, kind: 'marks', details: {} })
  expect((await events.next()).value).toMatch(/^id: 5\nevent: marks\n/)
  await events.return(undefined)
  expect(abort.signal.aborted).toBe(true)
})

it.each(['the grant', 'the key', 'the user'])('ends when %s is taken away', async (what) => {
  const { access, auth, changes, users } = temporary.system.services
  const reader = await temporary.addUser('reader')
  const grant = { permissions: ['read'] as const }
  await access.changeSketchGrants(temporary.admin, sketchId, { grantUsers: ['reader'], ...grant })
  const { key, apiKey } = await auth.createApiKey(reader, { name: 'k', scopes: ['read'] })
  const app = createApp(temporary.system, { dialects: [mountSkein] })
  const answer = await app.fetch(
    new Request(`http://localhost/api/skein/v1/sketches/${sketchId}/changes`, {
      headers: { authorization: `Bearer ${key}` },
    }),
  )
  const stream = answer.body!.getReader()
  changes.publish({ sketchId, revision: 50, kind: 'marks', details: {} })
  expect(await readTo(stream, 'id: 50')).toContain('event: marks')

  if (what === 'the grant')
    await access.changeSketchGrants(temporary.admin, sketchId, { revokeUsers: ['reader'], ...grant })
  else if (what === 'the key') await auth.revokeApiKey(temporary.admin, apiKey.id)
  else await users.setActive(temporary.admin, reader.userId, false)
  changes.publish({ sketchId, revision: 51, kind: 'marks', details: { secret: true } })
  expect(await readTo(stream, 'never')).not.toContain('secret')
})
