import { expect, it } from 'vitest'
import { mountSkein } from '../dialects/skein/mount-skein.ts'
import { mountTimesketch } from '../dialects/timesketch/mount.ts'
import { openTemporarySystem } from '../testing/temporary-system.ts'
import { createApp } from './create-app.ts'

it('tells the audit log of every way to take events out, and of those who log out', async () => {
  await using temporary = await openTemporarySystem()
  const { audit, auth, events, sketches } = temporary.system.services
  const { key } = await auth.createApiKey(temporary.admin, { name: 'k', scopes: ['admin'] })
  const { id } = await sketches.create(temporary.admin, { name: 'case' })
  await events.create(temporary.admin, id, { timeUs: 1n, source: { message: 'm' } })
  const app = createApp(temporary.system, { dialects: [mountTimesketch, mountSkein] })
  for (const [path, body] of [
    [`/api/skein/v1/sketches/${id}/export`, { format: 'csv' }],
    [`/api/v1/sketches/${id}/exportstream/`, { query: '*' }],
    [`/api/v1/sketches/${id}/explore/`, { query: '*', filter: {}, file_name: 'a.zip' }],
    [`/api/v1/sketches/${id}/archive/`, { action: 'export' }],
  ] as const) {
    const answer = await app.fetch(
      new Request(`http://localhost${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    )
    expect(answer.status, path).toBe(200)
    await answer.arrayBuffer()
  }
  await temporary.addUser('ada')
  const from = { address: '192.0.2.1', requestId: 'r7' }
  const { session } = await auth.login({ username: 'ada', password: 'correct horse', ...from })
  await auth.logout(session, from)

  const entries = await audit.list(temporary.admin)
  const exports = entries.filter((entry) => entry.action === 'sketch.export').map((entry) => entry.details)
  expect(exports.toReversed()).toEqual([
    { format: 'csv', what: 'events' },
    { format: 'jsonl', what: 'events' },
    { format: 'csv', what: 'events' },
    { format: 'zip', what: 'sketch' },
  ])
  expect(entries[0]).toMatchObject({ action: 'logout', username: 'ada', ...from })
})
