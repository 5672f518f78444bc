import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTestPlatform, storeAlerts, type TestPlatform } from './testing/test-platform.ts'

const DAY_MS = 86_400_000
const NOW = Date.now()

/** Five alerts as version 1 tells them, a minute after one another. */
const ALERTS = Array.from({ length: 5 }, (_, n) => ({
  id: `52ebb55fdf5fb93e7100000${n}`,
  active: true,
  agent_id: '52eafd46e5777f3a26000008',
  alert_policy_id: '524c4b9aa086e1195900000c',
  count: 1,
  created_at: NOW - DAY_MS + n * 60_000,
  expires_at: NOW - DAY_MS + n * 60_000 + 3_600_000,
  dismissed: false,
  unread: true,
  key: `k${n}`,
  last_updated_at: new Date(NOW - DAY_MS).toISOString(),
  rule_id: '525740a144414e7d1c00000b',
  severity: 1,
  title: `Netcat ${n}`,
  type: 'rule',
}))
const IDS = ALERTS.map(({ id }) => id).toReversed()

async function importInto({ place, ana }: TestPlatform, sketchId: number): Promise<void> {
  const path = join(place.directory, 'alerts.json')
  await writeFile(path, JSON.stringify(ALERTS))
  const { ended } = await place.system.services.imports.start(ana, {
    sketchId,
    timeline: { name: 'threatstack' },
    inputs: [{ path }],
  })
  expect(await ended).toMatchObject({ status: 'done' })
}

function idsOf(items: readonly { readonly id: string }[]): readonly string[] {
  return items.map(({ id }) => id)
}

test('an alert that two sketches have is one in lists and counts', async () => {
  await using platform = await openTestPlatform()
  const { services } = platform.place.system
  await importInto(platform, platform.sketchId)
  const { id: second } = await services.sketches.create(platform.ana, { name: 'second' })
  await importInto(platform, second)
  expect((await services.alerts.list(platform.ana)).total).toBe(10)

  expect(idsOf((await platform.get('/alerts')).json)).toEqual(IDS)
  expect(idsOf((await platform.get('/alerts?count=2&page=1')).json)).toEqual(IDS.slice(2, 4))
  const active = await platform.call('GET', '/alerts?status=active')
  expect(idsOf(active.json.alerts)).toEqual(IDS)
  const counts = await platform.call('GET', '/alerts/severity-counts')
  expect(counts.json.severityCounts[0]).toEqual({ severity: 1, count: 5 })
  // A stretch that has no whole day is counted in another way.
  const from = new Date(ALERTS[3]!.created_at).toISOString()
  const late = await platform.call('GET', `/alerts/severity-counts?from=${encodeURIComponent(from)}`)
  expect(late.json.severityCounts[0].count).toBe(2)
})

test('the copy that changed last says how an alert is, and nobody is told of copies they may not see', async () => {
  await using platform = await openTestPlatform()
  const { services } = platform.place.system
  const { ana, sketchId } = platform
  await importInto(platform, sketchId)
  const bob = await platform.place.addUser('bob')
  const { id: shared } = await services.sketches.create(ana, { name: 'shared' })
  await importInto(platform, shared)
  const [copy] = (await services.alerts.list(ana, { sketchId })).items
  await services.alerts.decide(ana, copy!.uid, { status: 'closed' })
  const dismissed = await platform.call('GET', '/alerts?status=dismissed')
  expect(idsOf(dismissed.json.alerts)).toEqual([copy!.details['id']])
  expect((await platform.call('GET', '/alerts?status=active')).json.alerts).toHaveLength(4)
  const one = await platform.call('GET', `/alerts/${copy!.details['id']}`)
  expect(one.json.isDismissed).toBe(true)

  await services.access.changeSketchGrants(ana, shared, { grantUsers: ['bob'], permissions: ['read'] })
  const seen = await services.alerts.readPage(bob, { isOncePerItem: true }, { sort: 'created' })
  expect(seen.items.map(({ status }) => status)).toEqual(['open', 'open', 'open', 'open', 'open'])
})

test('alerts of one name or key are several where no platform says that they are one', async () => {
  await using platform = await openTestPlatform()
  await storeAlerts(platform, 3)
  await storeAlerts(platform, 3, { severity: 90 })
  const { items, next } = await platform.place.system.services.alerts.readPage(
    platform.ana,
    { isOncePerItem: true },
    { sort: 'created' },
  )
  expect([items.length, next]).toEqual([6, undefined])
})

test('a dismissal that says nothing of what to dismiss is refused', async () => {
  await using platform = await openTestPlatform()
  await storeAlerts(platform, 2)
  const refused = await platform.call('POST', '/alerts/dismiss', { dismissReason: 'MAINTENANCE' })
  expect([refused.status, refused.json.errors[0]]).toEqual([
    400,
    'ids or one of from, until, severity, ruleID, agentID was expected to say which alerts to dismiss; found none.',
  ])
  expect((await platform.call('GET', '/alerts?status=active')).json.alerts).toHaveLength(2)
})
