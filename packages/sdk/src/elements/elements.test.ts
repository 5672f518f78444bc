import { afterEach, expect, test, vi } from 'vitest'
import { memoryCursor } from '../paging/cursor-store.ts'
import { makeFakePlatform } from './testing/fake-platform.ts'

const WHOAMI = { clientId: 'fusion_0', organizationId: '4de503e1-2c58-45c3-89a6-ef3f4a03592b' }

afterEach(() => {
  vi.useRealTimers()
})

test('a token is asked for once, with Basic credentials and a scope for reading, and sent with every call', async () => {
  const { elements, seen } = makeFakePlatform({ 'GET /whoami/v1/whoami': () => WHOAMI })
  expect(await Promise.all([elements.whoAmI(), elements.whoAmI()])).toEqual([WHOAMI, WHOAMI])
  expect(seen.map(({ path }) => path)).toEqual(['/as/token.oauth2', '/whoami/v1/whoami', '/whoami/v1/whoami'])
  expect(seen[0]?.headers.get('authorization')).toBe(`Basic ${btoa('fusion_0:hidden')}`)
  expect(Object.fromEntries(seen[0]!.values)).toEqual({
    grant_type: 'client_credentials',
    scope: 'connect.api.read',
  })
  for (const { headers } of seen) expect(headers.get('user-agent')).toBe('timeskein-sdk')
  expect(seen[1]?.headers.get('authorization')).toBe('Bearer token-1')
})

test('changes ask for a token that allows them, which then serves reading too', async () => {
  const { elements, seen } = makeFakePlatform({
    'GET /whoami/v1/whoami': () => WHOAMI,
    'PATCH /incidents/v1/incidents': () => ({ multistatus: [{ target: 'a', status: 200 }] }),
  })
  expect(await elements.incidents.setStatus('a', { status: 'closed', resolution: 'falsePositive' })).toEqual([
    { target: 'a', status: 200 },
  ])
  await elements.whoAmI()
  expect(seen[0]?.values.get('scope')).toBe('connect.api.read connect.api.write')
  expect(seen[1]?.json).toEqual({ targets: ['a'], status: 'closed', resolution: 'falsePositive' })
  expect(seen.filter(({ path }) => path === '/as/token.oauth2').length).toBe(1)
})

test('a token near its end, and one that is refused, are renewed', async () => {
  vi.useFakeTimers({ now: Date.UTC(2024, 4, 6), toFake: ['Date'] })
  let refused = 1
  const { elements, seen } = makeFakePlatform({
    'GET /whoami/v1/whoami': ({ headers }) =>
      headers.get('authorization') === 'Bearer token-2' && refused-- > 0
        ? Response.json({ message: 'Unauthorized', code: 401000 }, { status: 401 })
        : WHOAMI,
  })
  await elements.whoAmI()
  vi.setSystemTime(Date.UTC(2024, 4, 6, 0, 29, 45))
  await elements.whoAmI()
  expect(
    seen.flatMap(({ headers, path }) => (path.startsWith('/whoami') ? [headers.get('authorization')] : [])),
  ).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-3'])
})

test('wrong credentials are told with the transaction and without the secret', async () => {
  const { elements, seen } = makeFakePlatform({
    'POST /as/token.oauth2': () =>
      Response.json(
        { error: 'invalid_client', error_description: 'Invalid client or client credentials.' },
        { status: 401, headers: { 'x-transaction': '0000-981c1d1730764143' } },
      ),
  })
  const error = await elements.whoAmI().catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({
    name: 'ApiError',
    status: 401,
    code: 'sign-in-needed',
    requestId: '0000-981c1d1730764143',
    message: 'POST /as/token.oauth2: 401: invalid_client: Invalid client or client credentials.',
  })
  expect(JSON.stringify(error) + String(error)).not.toContain('hidden')
  expect(seen.length).toBe(1)
})

test('devices come over all pages, and one that is not there is undefined', async () => {
  const { elements, seen } = makeFakePlatform({
    'GET /devices/v1/devices': ({ values }) =>
      values.has('deviceId')
        ? Response.json(
            { message: 'Not found', code: 404000, details: { reason: 'no device' }, transactionId: 't' },
            { status: 404 },
          )
        : {
            items: [{ name: values.get('anchor') ?? 'first' }],
            ...(values.has('anchor') ? {} : { nextAnchor: 'two' }),
          },
  })
  const list = elements.devices.list({ protectionStatusOverview: ['critical', 'isolated'], online: true })
  expect((await list.toArray()).map(({ name }) => name)).toEqual(['first', 'two'])
  expect(seen[1]?.values.toString()).toBe(
    'protectionStatusOverview=critical&protectionStatusOverview=isolated&online=true&limit=200',
  )
  expect(seen[2]?.values.get('anchor')).toBe('two')
  expect(await elements.devices.get('x')).toBeUndefined()
})

test('a device is isolated and waited for', async () => {
  vi.useFakeTimers()
  const states = ['pending', 'ongoing', 'finished']
  const { elements, seen } = makeFakePlatform({
    'POST /devices/v1/operations': () =>
      Response.json(
        { multistatus: [{ target: 'd', status: 202, operationId: '1766423938040964633' }] },
        { status: 207 },
      ),
    'GET /devices/v1/operations': () => ({ items: [{ id: '1766423938040964633', status: states.shift() }] }),
  })
  const [started] = await elements.devices.isolate('d', { message: 'Stop' })
  const ended = elements.devices.waitForOperation('d', started!.operationId!, { every: '10s' })
  await vi.advanceTimersByTimeAsync(20_000)
  expect(await ended).toMatchObject({ status: 'finished' })
  expect(seen[1]?.json).toEqual({
    operation: 'isolateFromNetwork',
    targets: ['d'],
    parameters: { message: 'Stop' },
  })
})

test('more targets than the platform takes go in several calls', async () => {
  const { elements, seen } = makeFakePlatform({
    'POST /devices/v1/operations': ({ json }) => ({
      multistatus: (json as { targets: string[] }).targets.map((target) => ({ target, status: 202 })),
    }),
  })
  const targets = ['a', 'b', 'c', 'd', 'e', 'f']
  expect((await elements.devices.operate('scanForMalware', targets)).map(({ target }) => target)).toEqual(
    targets,
  )
  expect(seen.length).toBe(3)
})

test('a year of security events is asked for in windows of 30 days, without a gap', async () => {
  vi.useFakeTimers({ now: Date.UTC(2024, 4, 6) })
  const { elements, seen } = makeFakePlatform({
    'POST /security-events/v1/security-events': ({ values }) => ({
      items: [{ id: values.get('persistenceTimestampStart') }],
    }),
  })
  await elements.securityEvents.list({ start: '365d', order: 'asc', engineGroup: ['epp', 'edr'] }).toArray()
  const asked = seen.slice(1).map(({ values }) => values)
  expect(asked.length).toBe(13)
  expect(asked[0]?.getAll('engineGroup')).toEqual(['epp', 'edr'])
  for (const [place, values] of asked.entries()) {
    const end = values.get('persistenceTimestampEnd')
    expect(end).toBe(asked[place + 1]?.get('persistenceTimestampStart') ?? null)
  }
})

test('events are counted by one of their values', async () => {
  const { elements, seen } = makeFakePlatform({
    'POST /security-events/v1/security-events': () => ({ items: [{ engine: 'deepGuard', count: 12 }] }),
  })
  expect(await elements.securityEvents.count('engine', { start: '7d', engineGroup: 'epp' })).toEqual([
    { engine: 'deepGuard', count: 12 },
  ])
  expect(seen[1]?.headers.get('accept')).toBe('application/vnd.withsecure.aggr+json')
  expect(seen[1]?.values.get('count')).toBe('engine')
})

test('detections are polled of incidents that were updated, each once, however late an incident takes one in', async () => {
  const updated = { a: '2024-05-06T12:00:00.000Z', b: '2024-05-06T12:01:00.000Z' }
  const detections: Record<string, object[]> = { a: [], b: [] }
  const add = (incidentId: keyof typeof updated, detectionId: string, at: string): void => {
    updated[incidentId] = at
    const long = '2024-05-01T00:00:00.000Z'
    detections[incidentId]!.push({ detectionId, createdTimestamp: long, initialReceivedTimestamp: long })
  }
  const { elements, seen } = makeFakePlatform({
    'GET /incidents/v1/incidents': ({ values }) => ({
      items: Object.entries(updated)
        .map(([incidentId, updatedTimestamp]) => ({ incidentId, updatedTimestamp }))
        .filter(({ updatedTimestamp }) => updatedTimestamp >= values.get('updatedTimestampStart')!)
        .toSorted((one, other) => one.updatedTimestamp.localeCompare(other.updatedTimestamp)),
    }),
    'GET /incidents/v1/detections': ({ values }) => ({ items: detections[values.get('incidentId')!] ?? [] }),
  })
  const cursor = memoryCursor()
  const poll = async (): Promise<readonly string[]> => {
    const walk = elements.incidents.pollDetections({ since: '2024-05-06T11:00:00Z', once: true, cursor })
    return (await Array.fromAsync(walk)).map(({ detectionId }) => detectionId)
  }
  add('a', 'first', '2024-05-06T12:00:00.000Z')
  add('b', 'second', '2024-05-06T12:01:00.000Z')
  expect(await poll()).toEqual(['first', 'second'])
  expect(seen[1]?.values.get('updatedTimestampStart')).toBe('2024-05-06T11:00:00.000Z')
  add('b', 'third', '2024-05-10T00:00:00.000Z')
  expect(await poll()).toEqual(['third'])
  add('a', 'late', '2024-05-20T00:00:00.000Z')
  expect(await poll()).toEqual(['late'])
  expect(await poll()).toEqual([])
})

test('an answer that is no page is told', async () => {
  const { elements } = makeFakePlatform({ 'GET /devices/v1/devices': () => new Response('<html>') })
  await expect(elements.devices.list().toArray()).rejects.toMatchObject({ code: 'unexpected-answer' })
})
