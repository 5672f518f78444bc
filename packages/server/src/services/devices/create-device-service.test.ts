import { expect, test } from 'vitest'
import { openTemporarySystem } from '../../testing/temporary-system.ts'

test('devices of events go with the last sketch that knows them', async () => {
  await using place = await openTemporarySystem()
  const { sketches, alerts, devices } = place.system.services
  const ana = await place.addUser('ana')
  const { id: sketchId } = await sketches.create(ana, { name: 'case' })
  await alerts.store(ana, [
    {
      sourceKey: 'one',
      source: 'api',
      sketchId,
      timelineId: 1,
      ruleUuid: 'r1',
      title: 'Rule',
      severity: 70,
      host: 'WS-1',
      spans: new Map([[1, { count: 1, firstUs: 1n, lastUs: 1n }]]),
      evidence: [{ index: 'i', id: '1' }],
      tags: [],
    },
  ])
  expect(await devices.list(ana)).toMatchObject({ total: 1, items: [{ name: 'WS-1' }] })
  const { uid } = (await devices.list(ana)).items[0]!
  await sketches.delete(ana, sketchId)
  expect(await devices.list(ana)).toMatchObject({ total: 0, items: [] })
  await expect(devices.get(ana, uid)).rejects.toMatchObject({ kind: 'not-found' })
})
