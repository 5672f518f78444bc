import { expect, test } from 'vitest'
import type { UserCall } from '../../../http/app-types.ts'
import { createLogger } from '../../../log.ts'
import { openTemporarySystem } from '../../../testing/temporary-system.ts'
import { type News, watchAlerts } from './alert-news.ts'

const UUID = '80ee2ccc-11e3-4416-9a0b-112233445566'

test('what happens to alerts is told once each, and nothing of sketches of others', async () => {
  await using place = await openTemporarySystem()
  const { services } = place.system
  const ana = await place.addUser('ana')
  const own = await services.sketches.create(place.admin, { name: 'own' })
  const foreign = await services.sketches.create(ana, { name: 'hers' })
  const store = async (principal: typeof ana, sketchId: number, title: string): Promise<void> => {
    const spans = new Map([[0, { count: 1, firstUs: 0n, lastUs: 0n }]])
    await services.alerts.store(principal, [
      { sourceKey: title, source: 'api', title, severity: 50, sketchId, spans },
    ])
  }
  const told: News[] = []
  const stop = new AbortController()
  let wake = Promise.withResolvers<void>()
  // Only these of a call are looked at.
  const call = { services, principal: place.admin, log: createLogger({ level: 'silent' }) } as UserCall
  const heard = async (count: number): Promise<void> => {
    while (told.length < count) {
      await wake.promise
      wake = Promise.withResolvers<void>()
    }
  }
  await watchAlerts(
    call,
    (news) => {
      told.push(news)
      wake.resolve()
    },
    stop.signal,
  )
  await store(ana, foreign.id, 'of others')
  await store(place.admin, own.id, 'a')
  await heard(1)
  const { items } = await services.alerts.list(place.admin)
  const { uid } = items.find(({ title }) => title === 'a')!
  await services.alerts.decide(place.admin, uid, { status: 'acknowledged' })
  await heard(2)
  await services.alerts.comment(place.admin, uid, 'seen')
  await heard(3)
  stop.abort()
  expect(
    told.map(({ type, action, attributes }) => [type, action, attributes.updated?.['status_name']]),
  ).toEqual([
    ['alert', 'created', undefined],
    ['alert', 'updated', 'Acknowledged'],
    ['alert-comment', 'created', undefined],
  ])
})

test('of an alert that several sketches have, what happens to each copy is told, and what happens to all alike once', async () => {
  await using place = await openTemporarySystem()
  const { services } = place.system
  const { admin } = place
  const store = async (): Promise<void> => {
    const { id: sketchId } = await services.sketches.create(admin, { name: 'own' })
    const spans = new Map([[0, { count: 1, firstUs: 0n, lastUs: 0n }]])
    const sourceKey = JSON.stringify(['sekoia', 'sekoia-alert', UUID, sketchId])
    const own = { source: 'sekoia', title: 'a', severity: 50, details: { uuid: UUID } }
    await services.alerts.store(admin, [{ ...own, sourceKey, sketchId, spans }])
  }
  await store()
  await store()
  const { items } = await services.alerts.list(admin, {}, { sort: 'created', order: 'asc' })
  const [first, second] = items.map(({ uid }) => uid) as [string, string]
  let open = Promise.withResolvers<void>()
  const alerts: typeof services.alerts = {
    ...services.alerts,
    async list(...given) {
      await open.promise
      return await services.alerts.list(...given)
    },
  }
  const told: string[] = []
  let wake = Promise.withResolvers<void>()
  const stop = new AbortController()
  const log = createLogger({ level: 'silent' })
  // Only these of a call are looked at.
  const call = { services: { ...services, alerts }, principal: admin, log } as unknown as UserCall
  await new Promise((resolve) => setTimeout(resolve, 2))
  await watchAlerts(
    call,
    ({ type, action, attributes }) => {
      expect(attributes.uuid).toBe(UUID)
      told.push(`${type} ${action}`)
      wake.resolve()
    },
    stop.signal,
  )
  const heard = async (count: number): Promise<void> => {
    open.resolve()
    while (told.length < count) {
      await wake.promise
      wake = Promise.withResolvers<void>()
    }
    open = Promise.withResolvers<void>()
  }
  await services.alerts.decide(admin, first, { status: 'acknowledged' })
  await services.alerts.decide(admin, second, { status: 'acknowledged' })
  await services.alerts.comment(admin, first, 'seen')
  await services.alerts.comment(admin, second, 'seen here too')
  await heard(3)
  await store()
  await services.alerts.decide(admin, first, { status: 'closed' })
  await services.alerts.comment(admin, second, 'closed')
  await heard(5)
  stop.abort()
  expect(told.toSorted()).toEqual([
    'alert updated',
    'alert updated',
    'alert-comment created',
    'alert-comment created',
    'alert-comment created',
  ])
})

test('what happens while alerts are looked at is told by one more look, however much it is', async () => {
  await using place = await openTemporarySystem()
  const { services } = place.system
  const { admin } = place
  const { id: sketchId } = await services.sketches.create(admin, { name: 'own' })
  const store = async (title: string): Promise<void> => {
    const spans = new Map([[0, { count: 1, firstUs: 0n, lastUs: 0n }]])
    const own = { sketchId, sourceKey: title, source: 'api', title, severity: 50, details: {} }
    await services.alerts.store(admin, [{ ...own, spans }])
  }
  const first = Promise.withResolvers<void>()
  const open = Promise.withResolvers<void>()
  let looks = 0
  const alerts: typeof services.alerts = {
    ...services.alerts,
    async list(...given) {
      looks++
      first.resolve()
      await open.promise
      return await services.alerts.list(...given)
    },
  }
  const stop = new AbortController()
  const log = createLogger({ level: 'silent' })
  // Only these of a call are looked at.
  const call = { services: { ...services, alerts }, principal: admin, log } as unknown as UserCall
  const told = Array.from({ length: 7 }, () => Promise.withResolvers<void>())
  let count = 0
  await watchAlerts(call, () => told[count++]!.resolve(), stop.signal)
  await store('a')
  await first.promise
  for (const title of ['b', 'c', 'd', 'e', 'f']) await store(title)
  open.resolve()
  await told[5]!.promise
  // It is told behind all looks for what was before.
  await store('g')
  await told[6]!.promise
  stop.abort()
  expect(looks).toBeLessThanOrEqual(3)
})
