import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseSigmaDocuments } from '@timeskein/query/sigma'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../db/migrate.ts'
import { openSqliteDatabase } from '../../db/sqlite-database.ts'
import { openSystem } from '../../open-system.ts'
import { makeTemporaryDirectory, openTemporarySystem } from '../../testing/temporary-system.ts'
import { bringInStarterRules, readStarterRules, STARTER_FOLDER } from './starter-rules.ts'

const START_MS = Date.UTC(2026, 2, 1)

interface RuleTests {
  readonly fires: readonly Record<string, unknown>[]
  readonly silent: readonly Record<string, unknown>[]
}

async function readTests(file: string): Promise<RuleTests> {
  const name = file.replace('starter/', '').replace('.yml', '.json')
  return JSON.parse(await readFile(join(STARTER_FOLDER, 'tests', name), 'utf8')) as RuleTests
}

test('every rule of the starter set finds the events it is to find among its tests, and no other of them', async () => {
  await using place = await openTemporarySystem({ starterRules: true })
  const { services } = place.system
  const rules = await readStarterRules()
  expect(rules.length).toBeGreaterThanOrEqual(30)
  expect((await readdir(join(STARTER_FOLDER, 'tests'))).length).toBe(rules.length)

  const rows: string[] = []
  for (const { file } of rules) {
    const { fires, silent } = await readTests(file)
    expect([file, fires.length > 0, silent.length > 0]).toEqual([file, true, true])
    for (const [wanted, events] of Object.entries({ fires, silent }))
      for (const event of events) {
        const datetime = new Date(START_MS + rows.length * 3_600_000).toISOString()
        rows.push(JSON.stringify({ datetime, message: file, ...event, test_of: file, wanted }))
      }
  }
  const sketch = await services.sketches.create(place.admin, { name: 'Starter set' })
  await services.detections.setLive(place.admin, sketch.id, false)
  const { ended } = await services.imports.start(place.admin, {
    sketchId: sketch.id,
    timeline: { name: 'events' },
    inputs: [{ stream: new Blob([rows.join('\n')]).stream(), name: 'events.jsonl' }],
    signal: new AbortController().signal,
  })
  expect((await ended).status).toBe('done')
  const report = await services.detections.run(place.admin, { sketchId: sketch.id })
  expect(report.unsupported).toEqual([])
  expect(report.warnings).toEqual([])

  const wrong: string[] = []
  for (const source of rules) {
    // What is reported of a file is its last rule: a correlation stands behind what it counts.
    const title = parseSigmaDocuments(source).documents.at(-1)!.meta.title
    const { events } = await services.explore.search(place.admin, {
      sketchId: sketch.id,
      query: { kind: 'term', field: 'test_of.keyword', value: source.file },
      sort: 'asc',
      from: 0,
      size: 500,
    })
    for (const event of events) {
      if (event.tags.includes(title) !== (event.get('wanted') === 'fires'))
        wrong.push(`${source.file}: ${String(event.get('wanted'))}: ${String(event.get('CommandLine'))}`)
    }
  }
  expect(wrong).toEqual([])
})

test('the starter set is enabled in a new library; what somebody removed or changed is left alone', async () => {
  const directory = await makeTemporaryDirectory()
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  let count: number
  let changed: string
  {
    await using system = await openSystem({ dataDirectory: directory })
    const { rules, auth } = system.services
    const admin = await auth.localPrincipal('admin')
    const all = await rules.list(admin)
    expect(all.every((rule) => rule.isEnabled && rule.origin === 'starter' && !rule.owner)).toBe(true)
    const [first, second] = all
    await rules.remove(admin, first!.uuid)
    const { text } = await rules.get(admin, second!.uuid)
    await rules.replace(admin, second!.uuid, `${text}# ours\n`)
    count = all.length
    changed = second!.uuid
  }
  await using system = await openSystem({ dataDirectory: directory })
  const { rules, auth } = system.services
  const admin = await auth.localPrincipal('admin')
  expect((await rules.list(admin)).length).toBe(count - 1)
  expect(await rules.get(admin, changed)).toMatchObject({
    version: 2,
    text: expect.stringContaining('# ours'),
  })
})

test('the starter set is read once: a start that knows all of its files reads none', async () => {
  const directory = await makeTemporaryDirectory()
  onTestFinished(async () => await rm(directory, { recursive: true }))
  const database = openSqliteDatabase(join(directory, 'metadata.sqlite'))
  await migrate(database, directory)
  const context = { db: database.db, now: () => START_MS }
  expect(await bringInStarterRules(context)).toBe((await readStarterRules()).length)
  expect(await bringInStarterRules(context)).toBe(0)
  await database.close()
})
