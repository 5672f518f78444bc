import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mountSkein } from './dialects/skein/mount-skein.ts'
import { createApp } from './http/create-app.ts'
import { type Listening, listen } from './listen.ts'
import { openTemporarySystem, type TemporarySystem } from './testing/temporary-system.ts'
import { watchIdleBodies } from './watch-idle-bodies.ts'

let temporary: TemporarySystem
let listening: Listening
let sketchId: number
let headers: Record<string, string>

describe('a system that listens', () => {
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
    expect(await explore.count(temporary.admin, { sketchId, query: { kind: 'all' } })).toBe(0)
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
})

describe('a server of its own', () => {
  const cuts: (string | undefined)[] = []
  let server: Server
  let url: string

  const listenWith = async (idleMs: number, onRequest: RequestListener): Promise<void> => {
    cuts.length = 0
    server = createServer()
    watchIdleBodies(server, idleMs, (address) => cuts.push(address))
    server.on('request', onRequest)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  afterEach(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })

  it('leaves a client alone that waits for the server to read', async () => {
    const buffered = Promise.withResolvers<IncomingMessage>()
    await listenWith(20, (incoming) => {
      if (incoming.url === '/waits') incoming.once('readable', () => buffered.resolve(incoming))
      else incoming.resume()
    })
    const waiting = request(`${url}/waits`, { method: 'POST' }).on('error', () => {})
    waiting.write('x')
    const kept = await buffered.promise
    const silent = request(`${url}/silent`, { method: 'POST' })
    const cut = once(silent, 'error')
    silent.write('x')
    await cut
    expect(cuts).toHaveLength(1)
    expect(kept.socket.destroyed).toBe(false)
  })

  it('does not listen to a connection more often the more requests come over it', async () => {
    const listeners: number[] = []
    await listenWith(60_000, (incoming, answer) => {
      listeners.push(incoming.socket.listenerCount('close'))
      incoming.resume().once('end', () => answer.end())
    })
    for (let count = 0; count < 3; count++) await (await fetch(url, { method: 'POST', body: 'x' })).text()
    expect(new Set(listeners).size).toBe(1)
  })
})
