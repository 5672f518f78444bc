import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { statementWriter } from '../../testing/statement-writer.ts'
import { openTemporarySystem } from '../../testing/temporary-system.ts'
import { conditionsOf } from './alert-conditions.ts'

test('an alert is found by its id at Sekoia.io, beside one with more levels of JSON than SQLite reads', async () => {
  await using place = await openTemporarySystem()
  const { alerts, sketches } = place.system.services
  const sketchId = (await sketches.create(place.admin, { name: 'own' })).id
  const spans = new Map([[0, { count: 1, firstUs: 0n, lastUs: 0n }]])
  const deep = JSON.parse(`${'{"a":'.repeat(1100)}1${'}'.repeat(1100)}`) as object
  const own = { source: 'sekoia', severity: 50, sketchId, spans }
  await alerts.store(place.admin, [
    { ...own, sourceKey: 'a', title: 'plain', details: { uuid: 'u', short_id: 's' } },
    { ...own, sourceKey: 'b', title: 'deep', details: { uuid: 'd', stix: deep } },
  ])
  expect((await alerts.list(place.admin, {})).total).toBe(2)
  using database = new DatabaseSync(join(place.directory, 'metadata.sqlite'))
  for (const [member, id] of [
    ['uuid', 'u'],
    ['short_id', 's'],
  ] as const) {
    const filter = { platformId: { platform: 'sekoia', member, id } }
    const { items } = await alerts.readPage(place.admin, filter, {})
    expect(items.map(({ title }) => title)).toEqual(['plain'])
    const asked = statementWriter.selectFrom('alerts').select('id').where(conditionsOf(filter)).compile()
    const plan = database.prepare(`explain query plan ${asked.sql}`).all(...(asked.parameters as string[]))
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringContaining(`SEARCH alerts USING INDEX alerts_by_sekoia_${member}`),
    ])
  }
})
