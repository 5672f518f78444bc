import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Principal } from '../../auth/principal.ts'
import { listDataPaths } from '../../data-paths.ts'
import { openSystem } from '../../open-system.ts'
import type { System } from '../../system.ts'
import { makeTemporaryDirectory } from '../../testing/temporary-system.ts'

const ALERTS = Array.from({ length: 1200 }, (_, n) => ({
  id: `e${n}`,
  severity: 'warning',
  engine: 'deepGuard',
  action: 'blocked',
  clientTimestamp: '2026-05-06T07:08:09Z',
  serverTimestamp: '2026-05-06T07:08:09Z',
  persistenceTimestamp: '2026-05-06T07:08:09Z',
  device: { id: 'd1', name: 'WS-1' },
}))

let directory: string
beforeEach(async () => {
  directory = join(await makeTemporaryDirectory(), 'data')
})
afterEach(async () => await rm(directory, { recursive: true }))

const open = (): Promise<System> => openSystem({ dataDirectory: directory, starterRules: false })

function change(statement: string): void {
  using database = new DatabaseSync(listDataPaths(directory).database)
  database.exec(statement)
}

async function importAlerts(system: System): Promise<{ sketchId: number; timelineId: number; end: unknown }> {
  const { auth, sketches, imports } = system.services
  const admin = await auth.localPrincipal('admin')
  const { id: sketchId } = await sketches.create(admin, { name: 'case' })
  const text = Buffer.from(ALERTS.map((alert) => `${JSON.stringify(alert)}\n`).join(''))
  const stream = (async function* () {
    yield text
  })()
  const { ended, timeline } = await imports.start(admin, {
    sketchId,
    timeline: { name: 'edr' },
    inputs: [{ stream, name: 'events.jsonl' }],
  })
  return { sketchId, timelineId: timeline.id, end: await ended }
}

async function countAlerts({ services }: System): Promise<number> {
  return (await services.alerts.list(await services.auth.localPrincipal('admin'))).total
}

const codes = ({ recovery }: System): readonly string[] => recovery.map(({ code }) => code)

/** An import whose events are stored and whose alerts are entered in part: the disk refused the rest. */
async function importPart(): Promise<{ sketchId: number; timelineId: number; end: unknown }> {
  await (await open()).close()
  change(
    `CREATE TRIGGER full BEFORE INSERT ON alerts WHEN (SELECT count(*) FROM alerts) >= 1000
     BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`,
  )
  await using system = await open()
  const imported = await importAlerts(system)
  expect(await countAlerts(system)).toBe(1000)
  return imported
}

test('an import whose alerts could not all be entered says why, and the next start enters the rest', async () => {
  const { end } = await importPart()
  expect(end).toMatchObject({
    status: 'done',
    errorCode: 'ENOSPC',
    problems: [expect.stringContaining('the next start on this data directory enters the rest')],
  })
  {
    await using still = await open()
    expect(codes(still)).toEqual(['items-due'])
    expect(still.recovery[0]!.message).toContain('disk is full')
    expect(await countAlerts(still)).toBe(1000)
  }
  change('DROP TRIGGER full')
  {
    await using system = await open()
    expect(system.recovery).toMatchObject([
      {
        code: 'items-entered',
        severity: 'info',
        message: expect.stringMatching(
          /^The import of events\.jsonl \(\w+\) has no note that all of the alerts/,
        ),
      },
    ])
    expect(await countAlerts(system)).toBe(ALERTS.length)
  }
  await using again = await open()
  expect(codes(again)).toEqual([])
})

test('an import whose end was not written down has its alerts entered when it is recognised', async () => {
  await importPart()
  change(`DROP TRIGGER full; UPDATE imports SET status = 'running', ended_at_ms = NULL, items_tries = NULL;
    UPDATE timelines SET status = 'processing'`)
  await using system = await open()
  expect(codes(system)).toEqual(['import-recognised', 'items-entered'])
  expect(await countAlerts(system)).toBe(ALERTS.length)
})

test('an import whose alerts were entered and whose end was written down late has nothing to enter', async () => {
  await (await open()).close()
  change(
    `CREATE TRIGGER full BEFORE UPDATE OF status ON imports WHEN NEW.status = 'done'
     BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`,
  )
  {
    await using system = await open()
    const { end } = await importAlerts(system)
    expect(end).toMatchObject({ status: 'failed', errorCode: 'ENOSPC' })
    expect(await countAlerts(system)).toBe(ALERTS.length)
    change('DROP TRIGGER full')
  }
  await using again = await open()
  expect(again.recovery).toEqual([])
})

test.each(['timelines', 'sketches'] as const)('of %s that were deleted nothing is entered', async (what) => {
  const { sketchId, timelineId } = await importPart()
  {
    await using system = await open()
    const { auth, sketches, timelines } = system.services
    const admin: Principal = await auth.localPrincipal('admin')
    if (what === 'timelines') await timelines.delete(admin, sketchId, timelineId)
    else await sketches.delete(admin, sketchId)
  }
  change('DROP TRIGGER full')
  await using system = await open()
  expect(codes(system)).toEqual([])
  using database = new DatabaseSync(listDataPaths(directory).database)
  expect(database.prepare('SELECT count(*) AS due FROM imports WHERE items_tries IS NOT NULL').get()).toEqual(
    { due: 0 },
  )
})

test('items that were tried often enough are given up, and it is said', async () => {
  await importPart()
  change('UPDATE imports SET items_tries = 10')
  {
    await using system = await open()
    expect(codes(system)).toEqual(['items-due'])
    expect(system.recovery[0]!.message).toContain('import again')
  }
  await using system = await open()
  expect(codes(system)).toEqual([])
})
