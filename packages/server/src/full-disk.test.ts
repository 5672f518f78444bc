import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mountSkein } from './dialects/skein/mount-skein.ts'
import { mountTimesketch } from './dialects/timesketch/mount.ts'
import { createApp } from './http/create-app.ts'
import { noteExport } from './http/note-export.ts'
import { createLogger } from './log.ts'
import { openSystem } from './open-system.ts'
import type { System } from './system.ts'
import { mountSmallDisk } from './testing/small-disk.ts'

const disk = await mountSmallDisk()
afterAll(async () => await disk?.[Symbol.asyncDispose]())

async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

async function importEvents(system: System, count: number): Promise<number> {
  const { auth, imports, sketches } = system.services
  const admin = await auth.localPrincipal('admin')
  const { id } = await sketches.create(admin, { name: 'case' })
  const lines = Array.from(
    { length: count },
    (_, n) => `{"datetime":"2024-01-01T00:00:00Z","message":"event ${n}"}\n`,
  )
  const inputs = [{ stream: streamOf(lines.join('')), name: '-' }]
  await (await imports.start(admin, { sketchId: id, timeline: { name: 't' }, inputs })).ended
  return id
}

// It takes a user who may mount a disk.
describe.skipIf(disk === undefined)('a data directory on a disk without a free byte', () => {
  let dataDirectory = ''
  let sketchId = 0
  beforeEach(async () => {
    dataDirectory = join(disk!.directory, 'data')
    const system = await openSystem({ dataDirectory })
    sketchId = await importEvents(system, 10)
    await system.close()
    await disk!.fill()
  })
  afterEach(async () => await disk!.free())

  it('is opened and answers, and says so', async () => {
    await using system = await openSystem({ dataDirectory })
    expect(system.recovery.map(({ code }) => code)).toEqual(['no-room'])
    const { auth, explore } = system.services
    const admin = await auth.localPrincipal('admin')
    expect(await explore.count(admin, { sketchId, query: { kind: 'all' } })).toBe(10)
    const messages: unknown[] = []
    for await (const page of explore.scan(admin, { sketchId, query: { kind: 'all' } }))
      messages.push(...page.map((event) => event.members.get('message')))
    expect(messages).toHaveLength(10)
  })

  it('keeps others out meanwhile, and is free again afterwards', async () => {
    const system = await openSystem({ dataDirectory })
    await expect(openSystem({ dataDirectory })).rejects.toMatchObject({
      code: 'data-directory-locked',
      message: expect.stringContaining('no room on the disk to write its name') as string,
    })
    await system.close()
    await (await openSystem({ dataDirectory })).close()
  }, 20_000)

  it('refuses to write with the code of the system, and takes it as soon as there is room', async () => {
    await using system = await openSystem({ dataDirectory })
    const { auth, sketches } = system.services
    const admin = await auth.localPrincipal('admin')
    // What is left of pages that are there already takes a short row.
    const description = 'x'.repeat(5000)
    await expect(sketches.create(admin, { name: 'second', description })).rejects.toMatchObject({
      code: 'ENOSPC',
    })
    await disk!.free()
    await sketches.create(admin, { name: 'second', description })
  })

  it('tells who wants to write by HTTP that the disk is full, in both APIs', async () => {
    await using system = await openSystem({ dataDirectory })
    const admin = await system.services.auth.localPrincipal('admin')
    await disk!.free()
    const { key } = await system.services.auth.createApiKey(admin, { name: 'k', scopes: ['read', 'write'] })
    await disk!.fill()
    const app = createApp(system, { dialects: [mountTimesketch, mountSkein] })
    const create = async (path: string): Promise<{ status: number; body: unknown }> => {
      const response = await app.fetch(
        new Request(`http://localhost${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify({ name: 'second', description: 'x'.repeat(5000) }),
        }),
      )
      return { status: response.status, body: await response.json() }
    }
    const detail = expect.stringContaining('disk of the server is full') as string
    expect(await create('/api/skein/v1/sketches')).toMatchObject({
      status: 507,
      body: { code: 'no-room', detail },
    })
    expect(await create('/api/v1/sketches/')).toEqual({ status: 507, body: { message: detail } })
  })

  it('is closed without losing what came just before', async () => {
    await disk!.free()
    const system = await openSystem({ dataDirectory })
    const second = await importEvents(system, 1000)
    await disk!.fill()
    await system.close()
    await using again = await openSystem({ dataDirectory })
    const admin = await again.services.auth.localPrincipal('admin')
    const query = { kind: 'all' } as const
    expect(await again.services.explore.count(admin, { sketchId: second, query })).toBe(1000)
  })

  it('lets events be taken out, and tells the log what the audit log has no room for', async () => {
    await using system = await openSystem({ dataDirectory })
    const { services } = system
    const told: string[] = []
    const log = createLogger({ level: 'error', destination: { write: (line) => void told.push(line) } })
    const principal = await services.auth.localPrincipal('admin')
    const call = { services, principal, log } as unknown as Parameters<typeof noteExport>[0]
    for (let n = 0; n < 200; n++) await noteExport(call, sketchId, { format: 'csv', what: 'events' })
    expect(told.join('')).toContain('"action":"sketch.export"')
  })
})
