import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestServer, type TestServer } from '../testing/test-server.ts'

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
