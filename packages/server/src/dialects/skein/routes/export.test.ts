import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApp, type ServerApp } from '../../../http/create-app.ts'
import { openTemporarySystem, type TemporarySystem } from '../../../testing/temporary-system.ts'
import { mountSkein } from '../mount-skein.ts'

let temporary: TemporarySystem
let app: ServerApp
let key: string
let sketchId: number

beforeAll(async () => {
  temporary = await openTemporarySystem()
  const { auth, events, sketches } = temporary.system.services
  app = createApp(temporary.system, { dialects: [mountSkein] })
  key = (await auth.createApiKey(temporary.admin, { name: 'k', scopes: ['read'] })).key
  sketchId = (await sketches.create(temporary.admin, { name: 'case' })).id
  await events.create(temporary.admin, sketchId, {
    timeUs: 1n,
    source: { message: '=1+1', user: 'ana', host: { name: 'h' }, timeline: 'own' },
  })
  await events.create(temporary.admin, sketchId, { timeUs: 2n, source: { message: 'm', user: 'bob' } })
})
afterAll(async () => {
  await temporary[Symbol.asyncDispose]()
})

async function exportCsv(fields?: readonly string[]): Promise<readonly string[]> {
  const answer = await app.fetch(
    new Request(`http://localhost/api/skein/v1/sketches/${sketchId}/export`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: '*', format: 'csv', sort: 'asc', ...(fields ? { fields } : {}) }),
    }),
  )
  expect(answer.status).toBe(200)
  return (await answer.text()).trimEnd().split('\r\n')
}

it('CSV has a column for every field of the events, the most frequent first, and one for the rest', async () => {
  const [header, first, second] = await exportCsv()
  const names = header!.split(',')
  expect(names.slice(0, 7)).toEqual([
    '_id',
    'timeline',
    'datetime',
    'timestamp',
    'timestamp_desc',
    'message',
    'tag',
  ])
  expect(names).toEqual(expect.arrayContaining(['user', 'host.name']))
  expect(names.at(-1)).toBe('other_fields')
  const cell = (line: string, name: string) => line.split(',')[names.indexOf(name)]
  expect([cell(first!, 'user'), cell(first!, 'host.name'), cell(first!, 'message')]).toEqual([
    'ana',
    'h',
    "'=1+1",
  ])
  expect([cell(second!, 'user'), cell(second!, 'host.name')]).toEqual(['bob', ''])
  // The event's own field of the name is not mistaken for the timeline's name.
  expect(cell(first!, 'timeline')).toBe(cell(second!, 'timeline'))
  expect(first).toContain('own')
})

it('CSV of named fields has these and no others beside the id and the timeline', async () => {
  const [header, first] = await exportCsv(['host.name', 'user'])
  expect(header).toBe('_id,timeline,host.name,user')
  expect(first).toMatch(/,h,ana$/)
})
