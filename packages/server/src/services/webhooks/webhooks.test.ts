import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Principal } from '../../auth/principal.ts'
import { answerRequests } from '../../testing/answer-requests.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'

let place: TemporarySystem
let receiver: Server
let received: { alerts: { title: string; severity: number; created_at: number }[] }[]
let status: number
let url: string
let nowMs: number
let sketchId: number

beforeEach(async () => {
  nowMs = Date.now()
  place = await openTemporarySystem({ now: () => nowMs })
  sketchId = (await place.system.services.sketches.create(place.admin, { name: 'case' })).id
  received = []
  status = 200
  receiver = createServer(
    answerRequests(async (request, response) => {
      const chunks = await Array.fromAsync(request as AsyncIterable<Buffer>)
      received.push(JSON.parse(Buffer.concat(chunks).toString('utf8')) as (typeof received)[number])
      response.writeHead(status).end()
    }),
  )
  await new Promise<void>((resolve) => {
    receiver.listen(0, '127.0.0.1', resolve)
  })
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
})
afterEach(async () => {
  receiver.close()
  receiver.closeAllConnections()
  await place[Symbol.asyncDispose]()
})

async function store(
  names: readonly string[],
  severity = 80,
  into = sketchId,
  who: Principal = place.admin,
): Promise<void> {
  await place.system.services.alerts.store(
    who,
    names.map((title) => ({
      sourceKey: `${title} ${into}`,
      source: 'api',
      sketchId: into,
      title,
      severity,
      host: 'web-1',
      spans: new Map([[0, { count: 1, firstUs: 1n, lastUs: 1n }]]),
    })),
  )
}

const titles = (): string[][] => received.map(({ alerts }) => alerts.map(({ title }) => title))

test('new alerts are sent once, from the making on, in the platform’s shape', async () => {
  const { webhooks } = place.system.services
  await store(['old'])
  const { uid } = await webhooks.create(place.admin, { url, minSeverity: 40 })
  await place.system.services.webhooks.send(place.admin)
  await store(['one', 'two'])
  await store(['low'], 10)
  await place.system.services.webhooks.send(place.admin)
  await place.system.services.webhooks.send(place.admin)
  expect(titles()).toEqual([['one', 'two']])
  expect(received[0]!.alerts[0]).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{24}$/),
    title: 'one',
    created_at: expect.any(Number),
    severity: 1,
    organization_id: expect.stringMatching(/^[0-9a-f]{24}$/),
    organization_Name: 'Default organisation',
    server_or_region: 'web-1',
    source: 'Host',
  })
  expect(await webhooks.get(place.admin, uid)).toMatchObject({ lastSentMs: nowMs, problem: undefined })
})

test('many go in several messages, in their order', async () => {
  await place.system.services.webhooks.create(place.admin, { url })
  const names = Array.from({ length: 150 }, (_, n) => `alert ${n}`)
  await store(names)
  await place.system.services.webhooks.send(place.admin)
  expect(titles().map(({ length }) => length)).toEqual([100, 50])
  expect(titles().flat()).toEqual(names)
})

test('what is not taken is sent again, later and later, and the webhook says why', async () => {
  const { webhooks } = place.system.services
  const { uid } = await webhooks.create(place.admin, { url })
  status = 503
  await store(['one'])
  await place.system.services.webhooks.send(place.admin)
  await place.system.services.webhooks.send(place.admin)
  expect(received).toHaveLength(1)
  expect((await webhooks.get(place.admin, uid)).problem).toBe('the address answered 503')
  nowMs += 10_001
  await place.system.services.webhooks.send(place.admin)
  nowMs += 10_001
  await place.system.services.webhooks.send(place.admin)
  expect(received).toHaveLength(2)
  status = 204
  nowMs += 10_001
  await place.system.services.webhooks.send(place.admin)
  await place.system.services.webhooks.send(place.admin)
  expect(titles()).toEqual([['one'], ['one'], ['one']])
  expect((await webhooks.get(place.admin, uid)).problem).toBeUndefined()
})

test('nothing is sent of sketches that its maker may not read, nor by one that is off', async () => {
  const { webhooks, sketches } = place.system.services
  const ana = await place.addUser('ana')
  const { id } = await sketches.create(ana, { name: 'hers' })
  const made = await webhooks.create(place.admin, { url })
  await store(['hers'], 80, id, ana)
  await place.system.services.webhooks.send(place.admin)
  await webhooks.replace(place.admin, made.uid, { url, isEnabled: false })
  await store(['off'])
  await place.system.services.webhooks.send(place.admin)
  expect(received).toEqual([])
  await webhooks.replace(place.admin, made.uid, { url })
  await place.system.services.webhooks.send(place.admin)
  expect(titles()).toEqual([['off']])
  await webhooks.delete(place.admin, made.uid)
  expect(await webhooks.list(place.admin)).toEqual([])
})

test('webhooks are for administrators, and call no private network', async () => {
  const { webhooks } = place.system.services
  const ana = await place.addUser('ana')
  for (const act of [
    () => webhooks.list(ana),
    () => webhooks.create(ana, { url }),
    () => webhooks.delete(ana, 'x'),
  ])
    await expect(act()).rejects.toMatchObject({ code: 'not-an-admin' })
  for (const [bad, code] of [
    ['nothing', 'bad-url'],
    ['file:///etc/passwd', 'bad-url'],
    ['http://user:pw@example.org/', 'bad-url'],
    ['http://10.0.0.1/', 'private-address'],
    ['http://169.254.169.254/latest', 'private-address'],
  ] as const)
    await expect(webhooks.create(place.admin, { url: bad })).rejects.toMatchObject({ code })
  await expect(webhooks.create(place.admin, { url, minSeverity: 101 })).rejects.toMatchObject({
    code: 'bad-severity',
  })
})
