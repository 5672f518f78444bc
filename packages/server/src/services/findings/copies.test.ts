import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { CompiledQuery } from 'kysely'
import { expect, test } from 'vitest'
import { statementWriter } from '../../testing/statement-writer.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import { isEarlierCopy, selectUnseenCopies } from './copies.ts'
import { selectFindings } from './finding-rows.ts'

const NOW = Date.now()
const INCIDENT = {
  incidentId: '2c902c73-e2a6-40fd-9532-257ee102e1c0',
  incidentPublicId: '3599-1',
  name: 'risk',
  status: 'new',
  severity: 'high',
  riskLevel: 'severe',
  riskScore: 78.5,
  resolution: 'unconfirmed',
  archived: false,
  createdTimestamp: new Date(NOW - 3_600_000).toISOString(),
  updatedTimestamp: new Date(NOW - 3_600_000).toISOString(),
}
const DETECTION = {
  detectionId: '42ba511b-684a-4829-9c1b-8d1d2f3a4b5c',
  incidentId: INCIDENT.incidentId,
  name: 'odd logon',
  severity: 'high',
  riskLevel: 'severe',
  createdTimestamp: new Date(NOW - 3_500_000).toISOString(),
}

/** Imports items into a sketch of their own. */
async function importItems(
  { system, directory, admin }: TemporarySystem,
  items: readonly object[],
): Promise<void> {
  const { sketches, imports } = system.services
  const { id: sketchId } = await sketches.create(admin, { name: 'copies' })
  const path = join(directory, `items-${sketchId}.json`)
  await writeFile(path, JSON.stringify({ items }))
  const { ended } = await imports.start(admin, { sketchId, timeline: { name: 'x' }, inputs: [{ path }] })
  expect(await ended).toMatchObject({ status: 'done' })
}

test('a copy that hangs on nothing stands for none of those of an incident', async () => {
  await using place = await openTemporarySystem()
  const { alerts, incidents } = place.system.services
  await importItems(place, [INCIDENT, DETECTION])
  await importItems(place, [DETECTION])
  const { items } = await incidents.readPage(place.admin, {}, {})
  const incidentIds = items.map(({ id }) => id)
  const asked = { incidentIds, isOncePerItem: true }
  expect((await alerts.readPage(place.admin, asked, {})).items.map(({ title }) => title)).toEqual([
    'odd logon',
  ])
  expect((await alerts.list(place.admin, { isOncePerItem: true })).total).toBe(1)
})

test('later copies are found by the key of the item, not by going through sketches', async () => {
  await using place = await openTemporarySystem()
  using database = new DatabaseSync(join(place.directory, 'metadata.sqlite'))
  for (const kind of ['alert', 'incident'] as const) {
    const filter = { isOncePerItem: true, organisationId: 1 }
    const { sql, parameters } = selectFindings(statementWriter, place.admin, kind, filter)
      .select('id')
      .compile()
    const plan = database.prepare(`explain query plan ${sql}`).all(...(parameters as string[]))
    const looks = plan.map(({ detail }) => String(detail)).filter((detail) => / other /.test(detail))
    expect(looks).toEqual([expect.stringMatching(/^SEARCH other .*source_key>\? AND source_key<\?/)])
  }
})

test('what the caller may not see of copies, and which are earlier, is found by indexes of copies alone', async () => {
  await using place = await openTemporarySystem()
  using database = new DatabaseSync(join(place.directory, 'metadata.sqlite'))
  const explain = ({ sql, parameters }: CompiledQuery): readonly string[] =>
    database
      .prepare(`explain query plan ${sql}`)
      .all(...(parameters as string[]))
      .map(({ detail }) => String(detail))
  for (const kind of ['alert', 'incident'] as const) {
    const unseen = (organisationId: number | undefined): readonly string[] =>
      explain(selectUnseenCopies(statementWriter, place.admin, kind, organisationId).compile())
    expect(unseen(undefined)).toContainEqual(
      expect.stringMatching(/^SEARCH copy .*_with_copies \(sketch_id=\?\)/),
    )
    expect(unseen(1)).toContainEqual(
      expect.stringMatching(/^SEARCH copy .*_with_copies \(sketch_id=\? AND organisation_id=\?\)/),
    )
    const earlier = selectFindings(statementWriter, place.admin, kind, {}, () =>
      isEarlierCopy(statementWriter, place.admin, kind, {}),
    )
    expect(explain(earlier.select('severity').compile())).toContainEqual(
      expect.stringMatching(/^SCAN .*_with_later_copy$/),
    )
  }
})
