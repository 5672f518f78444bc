import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTestPlatform, type TestPlatform } from './testing/test-platform.ts'

const ONE = '52eafd46e5777f3a26000001'
const TWO = '52eafd46e5777f3a26000002'
const DAY_MS = 86_400_000
const YESTERDAY = new Date(Date.now() - DAY_MS).toISOString()

const makeAgent = (id: string, hostname: string): object => ({
  id,
  hostname,
  status: 'online',
  createdAt: YESTERDAY,
  lastReportedAt: YESTERDAY,
  agentType: 'investigate',
  version: '2.0',
})

async function importItems({ place, ana, sketchId }: TestPlatform, items: readonly object[]): Promise<void> {
  const path = join(place.directory, 'items.jsonl')
  await writeFile(path, items.map((item) => JSON.stringify(item)).join('\n'))
  const { ended } = await place.system.services.imports.start(ana, {
    sketchId,
    timeline: { name: 'agents' },
    inputs: [{ path }],
  })
  expect(await ended).toMatchObject({ status: 'done' })
}

async function listAgents(platform: TestPlatform): Promise<readonly unknown[]> {
  const { json } = await platform.call('GET', '/agents?status=online')
  return json.agents.map(({ id, hostname }: { id: string; hostname: string }) => [id, hostname])
}

test('agents of one name are as many as there are ids, and one that is renamed is one', async () => {
  await using platform = await openTestPlatform()
  await importItems(platform, [makeAgent(ONE, 'web'), makeAgent(TWO, 'WEB')])
  expect(await listAgents(platform)).toEqual([
    [ONE, 'web'],
    [TWO, 'WEB'],
  ])
  expect((await platform.call('GET', `/agents/${ONE}`)).json).toMatchObject({ id: ONE, hostname: 'web' })
  await importItems(platform, [makeAgent(ONE, 'db')])
  expect(await listAgents(platform)).toEqual([
    [ONE, 'db'],
    [TWO, 'WEB'],
  ])
  const { devices } = platform.place.system.services
  expect((await devices.list(platform.ana)).items.map(({ name }) => name)).toEqual(['db', 'WEB'])
})

test('a host that two platforms know is one device, and is not renamed by who tells its old name again', async () => {
  await using platform = await openTestPlatform()
  const { devices } = platform.place.system.services
  const device = {
    id: 'd1',
    name: 'WEB',
    type: 'computer',
    protectionStatus: 'protected',
    registrationTimestamp: YESTERDAY,
  }
  await importItems(platform, [makeAgent(ONE, 'web'), device])
  const [one, ...others] = (await devices.list(platform.ana)).items
  expect(others).toEqual([])
  expect(one!.details).toMatchObject({ threatstack: { id: ONE }, elements: { id: 'd1' } })
  await importItems(platform, [{ ...device, name: 'SHOP' }])
  await importItems(platform, [makeAgent(ONE, 'web')])
  expect((await devices.list(platform.ana)).items).toMatchObject([{ uid: one!.uid, name: 'SHOP' }])
  // The name that was given up is free.
  await importItems(platform, [makeAgent(TWO, 'web')])
  expect((await devices.list(platform.ana)).items.map(({ name }) => name)).toEqual(['SHOP', 'web'])
})
