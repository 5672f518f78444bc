import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readZipTexts } from '@timeskein/ingest'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { openTestServer, type TestClient, type TestServer } from '../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await openTestServer()
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

test('has the saved searches of all, and of what was only looked at no more than one’s own', async () => {
  const owner = await server.signIn('owner')
  const reader = await server.signIn('reader')
  const { id } = (await owner.post('/sketches/', { name: 'joint', description: '' })).json.objects[0]
  await owner.post(`/sketches/${id}/collaborators/`, { users: ['reader'], groups: [] })
  const event = { message: 'm', date_string: '2026-01-01T00:00:00', timestamp_desc: 'd' }
  expect((await owner.post(`/sketches/${id}/event/create/`, event)).status).toBe(201)
  await owner.post(`/sketches/${id}/views/`, { name: 'kept', query: 'message:kept', filter: {} })
  await owner.post(`/sketches/${id}/explore/`, { query: 'message:secret', filter: {} })
  await reader.post(`/sketches/${id}/explore/`, { query: 'message:own', filter: {} })

  const { services } = server.system
  const namesOf = async (username: string): Promise<string[]> => {
    const principal = await services.auth.localPrincipal(username)
    const searches = await services.savedSearches.listForExport(principal, id)
    return searches.map(({ name, queryString }) => `${name} ${queryString}`).sort()
  }
  expect(await namesOf('reader')).toEqual([' message:own', 'kept message:kept'])
  expect(await namesOf('owner')).toEqual([' message:secret', 'kept message:kept'])

  const answer = await reader.post(`/sketches/${id}/archive/`, { action: 'export' })
  expect(answer.status).toBe(200)
  // The names of a zip archive's entries stand in it as they are.
  const files = new Set(answer.text.match(/views\/[\w.]*\.meta/g))
  expect(files.size).toBe(2)
})

test('an archived sketch leaves with all that an open one does, and stays archived', async () => {
  const owner = await server.signIn('keeper')
  const { id } = (await owner.post('/sketches/', { name: 'closed', description: '' })).json.objects[0]
  const event = { message: 'kept', date_string: '2026-01-01T00:00:00', timestamp_desc: 'd', tag: ['t'] }
  await owner.post(`/sketches/${id}/event/create/`, event)
  const search = { name: 'all', query: 'ke*', filter: {}, dsl: '' }
  const view = (await owner.post(`/sketches/${id}/views/`, search)).json.objects[0]
  const parameters = { field: 'message', supported_charts: 'table' }
  await owner.post(`/sketches/${id}/aggregation/`, { name: 'counts', agg_type: 'field_bucket', parameters })
  const block = { componentName: 'TsViewEventList', componentProps: { view }, content: '' }
  await owner.post(`/sketches/${id}/stories/`, { title: 'tale', content: JSON.stringify([block]) })

  const before = await readExport(owner, id)
  expect(before.get('events/tagged_events.csv')).toContain('kept')
  expect(before.get(`views/${String(view.id).padStart(4, '0')}_all.csv`)).toContain('kept')
  await owner.post(`/sketches/${id}/archive/`, { action: 'archive' })
  expect(await readExport(owner, id)).toEqual(before)
  expect((await owner.get(`/sketches/${id}/archive/`)).json.meta.is_archived).toBe(true)
})

test('a timeline that is deleted meanwhile leaves a ZIP that can be read, with files made of what is left', async () => {
  const owner = await server.signIn('remover')
  const { id } = (await owner.post('/sketches/', { name: 'shrinking', description: '' })).json.objects[0]
  const upload = async (name: string, count: number): Promise<number> => {
    const lines = Array.from({ length: count }, (_, number) =>
      JSON.stringify({
        message: name,
        number,
        datetime: '2026-01-01T00:00:00',
        timestamp_desc: 'd',
        tag: [name],
      }),
    )
    const sent = await owner.upload({ sketch_id: id, name, events: lines.join('\n'), data_label: name })
    return sent.json.objects[0].id
  }
  await upload('stays', 3)
  const leaving = await upload('leaves', 2000)
  const { explore } = server.system.services
  const scan = explore.scan.bind(explore)
  const spy = vi.spyOn(explore, 'scan').mockImplementation(async function* (principal, question) {
    for await (const page of scan(principal, question)) {
      yield page
      if (page.length > 3) await owner.delete(`/sketches/${id}/timelines/${leaving}/`)
    }
  })
  onTestFinished(() => spy.mockRestore())
  const tagged = (await readExport(owner, id)).get('events/tagged_events.csv')
  expect(tagged?.match(/stays/g)).toHaveLength(6)
  expect(tagged).not.toContain('leaves')
})

test('a sketch whose last timeline is deleted meanwhile leaves files without events', async () => {
  const owner = await server.signIn('last')
  const { id } = (await owner.post('/sketches/', { name: 'emptied', description: '' })).json.objects[0]
  const event = { message: 'm', date_string: '2026-01-01T00:00:00', timestamp_desc: 'd', tag: ['t'] }
  const [timeline] = (await owner.post(`/sketches/${id}/event/create/`, event)).json.objects
  const { savedSearches } = server.system.services
  const spy = vi.spyOn(savedSearches, 'listForExport').mockImplementationOnce(async () => {
    await owner.delete(`/sketches/${id}/timelines/${timeline.id}/`)
    return []
  })
  onTestFinished(() => spy.mockRestore())
  expect((await readExport(owner, id)).get('events/tagged_events.csv')).toBe('label,_id,_index\r\n')
})

/** The files of a sketch's export, but for those that tell of the export itself. */
async function readExport(client: TestClient, sketchId: number): Promise<ReadonlyMap<string, string>> {
  const answer = await client.post(`/sketches/${sketchId}/archive/`, { action: 'export' })
  expect(answer.status).toBe(200)
  const folder = await mkdtemp(join(tmpdir(), 'timeskein-export-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'export.zip')
  await writeFile(path, answer.bytes)
  const files = new Map<string, string>()
  for await (const file of readZipTexts(path, { wants: () => true, maxBytes: 1024 * 1024 })) {
    const tellsOfItself = /^METADATA$|^(aggregations|events)\/.*\.meta$/.test(file.name)
    if ('text' in file && !tellsOfItself) files.set(file.name, file.text.replace(/Report Generated.*/g, ''))
  }
  return files
}
