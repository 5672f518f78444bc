import type { rowsAnswerSchema } from '@timeskein/model'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { z } from 'zod'
import { createApp, type ServerApp } from '../../http/create-app.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import { mountSkein } from './mount-skein.ts'

const EQUAL_EVENTS = 3000

let temporary: TemporarySystem
let app: ServerApp
let key: string
let sketchId: number

beforeAll(async () => {
  temporary = await openTemporarySystem()
  app = createApp(temporary.system, { dialects: [mountSkein] })
  key = (await temporary.system.services.auth.createApiKey(temporary.admin, { name: 'k', scopes: ['write'] }))
    .key
  sketchId = (await temporary.system.services.sketches.create(temporary.admin, { name: 'case' })).id
  const line = (datetime: string, number: number): string =>
    JSON.stringify({ datetime, message: `event ${number}`, number })
  for (const [timeline, first] of [
    ['one', 0],
    ['two', EQUAL_EVENTS / 2],
  ] as const) {
    const lines = Array.from({ length: EQUAL_EVENTS / 2 }, (_, number) =>
      line('2026-03-01T00:00:00.000001Z', first + number),
    )
    lines.push(line('2026-02-01T00:00:00Z', -1), line('2026-03-01T00:00:00.000001500Z', 5000 + first))
    const answer = await send(
      `/sketches/${sketchId}/imports?timeline=${timeline}&name=x.jsonl`,
      lines.join('\n'),
    )
    expect(answer.status).toBeLessThan(300)
  }
})
afterAll(async () => {
  await temporary[Symbol.asyncDispose]()
})

async function send(path: string, body: string): Promise<Response> {
  return await app.fetch(
    new Request(`http://localhost/api/skein/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body,
    }),
  )
}

async function rowsAround(event: string, extra: object = {}): Promise<z.output<typeof rowsAnswerSchema>> {
  const body = JSON.stringify({ around: { event }, before: 1, after: 1, ...extra })
  return (await (await send(`/sketches/${sketchId}/rows`, body)).json()) as z.output<typeof rowsAnswerSchema>
}

it('finds an event by its row where thousands have its time', async () => {
  const result = await temporary.system.services.explore.search(temporary.admin, {
    sketchId,
    query: { kind: 'all' },
    size: EQUAL_EVENTS + 4,
  })
  for (const row of [0, 1, 2, 3, 1234, EQUAL_EVENTS / 2, 2999, EQUAL_EVENTS + 1, EQUAL_EVENTS + 3]) {
    const { id } = result.events[row]!
    const answer = await rowsAround(id)
    expect(answer.firstRow).toBe(Math.max(0, row - 1))
    expect(answer.rows[row - answer.firstRow]?.id).toBe(id)
  }
})

it('says where an event would stand that is not in the answer', async () => {
  const result = await temporary.system.services.explore.search(temporary.admin, {
    sketchId,
    query: { kind: 'term', field: 'number', value: '1000' },
    size: 1,
  })
  const answer = await rowsAround(result.events[0]!.id, { query: 'number:<500 OR number:>1200', before: 0 })
  expect(answer.rows[0]?.event).toMatchObject({ number: 1201 })
})
