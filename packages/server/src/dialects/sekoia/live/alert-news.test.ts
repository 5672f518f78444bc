import { expect, test } from 'vitest'
import type { UserCall } from '../../../http/app-types.ts'
import { createLogger } from '../../../log.ts'
import { openTemporarySystem } from '../../../testing/temporary-system.ts'
import { type News, watchAlerts } from './alert-news.ts'

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
