import { expect, test } from 'vitest'
import { openTestPlatform, storeAlerts } from '../testing/test-platform.ts'

test('a dismissal that is refused for one of its alerts dismisses none', async () => {
  await using platform = await openTestPlatform()
  const { place, ana } = platform
  await storeAlerts(platform, 2)
  const bob = await place.addUser('bob')
  const { sketches, access, alerts } = place.system.services
  const { id: ofBob } = await sketches.create(bob, { name: 'of bob' })
  await access.changeSketchGrants(bob, ofBob, { grantUsers: ['ana'], permissions: ['read'] })
  await storeAlerts({ place, ana: bob, sketchId: ofBob }, 1, { severity: 90 })
  const { items } = await alerts.list(ana)
  expect(items).toHaveLength(3)
  for (const body of [
    { ids: items.map(({ uid }) => uid.slice(0, 24)), dismissReason: 'MAINTENANCE' },
    { from: '2020-01-01', dismissReason: 'MAINTENANCE' },
  ])
    expect((await platform.call('POST', '/alerts/dismiss', body)).status).toBe(403)
  expect((await alerts.list(ana)).items.map(({ status }) => status)).toEqual(['open', 'open', 'open'])
  const own = items.filter(({ sketchId }) => sketchId === platform.sketchId)
  const done = await platform.call('POST', '/alerts/dismiss', {
    ids: own.map(({ uid }) => uid.slice(0, 24)),
    dismissReason: 'MAINTENANCE',
  })
  expect([done.status, done.json]).toEqual([200, {}])
})
