import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ElementsPlace, openElementsPlace, SLOW_START_MS } from './testing/elements-place.ts'

const COMPANY = '7301935a-6715-473b-a5af-9130e8c84821'
const OTHER = '00000000-1111-4222-8333-444444444444'
const DEVICE = 'e297cbf5-ba53-4e66-909c-6d87527c4e98'
const EVENTS = '/security-events/v1/security-events'

let place: ElementsPlace

beforeAll(async () => {
  place = await openElementsPlace()
  await place.importItems([
    {
      id: DEVICE,
      name: 'PC-1',
      type: 'computer',
      company: { id: COMPANY, name: 'Example Oy' },
      protectionStatus: 'protected',
      registrationTimestamp: '2025-05-17T06:42:03Z',
    },
  ])
  await place.importItems([
    {
      id: '0c4b2fe9-c1d7-36d5-bec0-ad6ffb896669_33',
      severity: 'warning',
      engine: 'deepGuard',
      action: 'blocked',
      acknowledged: false,
      persistenceTimestamp: '2026-01-01T10:00:00.000Z',
      clientTimestamp: '2026-01-01T10:00:00Z',
      organization: { id: COMPANY, name: 'Example Oy' },
      details: { alertType: 'file' },
    },
  ])
}, SLOW_START_MS)
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

async function list(path: string, form?: string): Promise<{ status: number; items: number | undefined }> {
  const answer = await place.ask(path, {
    ...(form === undefined
      ? {}
      : { method: 'POST', body: form, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  })
  const { items } = (await answer.json()) as { items?: unknown[] }
  return { status: answer.status, items: items?.length }
}

test('acts on devices of one organization are told to whoever asks for it, and not as those of another', async () => {
  for (const [path, body] of [
    ['/response-actions/v1/execute/netstat', { targets: [DEVICE] }],
    [
      '/devices/v1/operations',
      { operation: 'installSoftwareUpdates', targets: [DEVICE], parameters: { severity: 'critical' } },
    ],
  ] as const)
    expect((await place.ask(path, { method: 'POST', body: JSON.stringify(body) })).status).toBeLessThan(300)
  await place.passTime()
  const whoami = (await (await place.ask('/whoami/v1/whoami')).json()) as { organizationId: string }
  for (const [id, items] of [
    [COMPANY, 1],
    [whoami.organizationId, 1],
    [OTHER, 0],
  ] as const) {
    expect(await list(`/response-actions/v1/responses?organizationId=${id}`)).toEqual({ status: 200, items })
    expect(await list(`/software-updates/v1/installations?organizationId=${id}`)).toEqual({
      status: 200,
      items,
    })
  }
})

test('the audit log is that of our organization, and of no other', async () => {
  const { organizationId } = (await (await place.ask('/whoami/v1/whoami')).json()) as {
    organizationId: string
  }
  const log = '/audit-logs/v1/audit-logs?limit=1&organizationId='
  expect(await list(log + organizationId)).toEqual({ status: 200, items: 1 })
  expect(await list(log + OTHER)).toEqual({ status: 200, items: 0 })
})

const DAY = 'persistenceTimestampStart=2026-01-01T00:00:00Z&persistenceTimestampEnd=2026-01-02T00:00:00Z'

test('what is sent without a value is as left out', async () => {
  expect(await list(EVENTS, `engineGroup=epp&severity=&targetId=&anchor=&${DAY}`)).toEqual({
    status: 200,
    items: 1,
  })
  expect(await list(EVENTS, `engineGroup=&${DAY}`)).toEqual({ status: 400, items: undefined })
  expect(await list('/devices/v1/devices?deviceId=&name=&organizationId=')).toEqual({ status: 200, items: 1 })
})

test('a day that no month has is refused', async () => {
  for (const day of ['2026-02-30', '2026-04-31', '2026-13-01'])
    expect((await list(EVENTS, `engineGroup=epp&persistenceTimestampStart=${day}T00:00:00Z`)).status).toBe(
      400,
    )
})
