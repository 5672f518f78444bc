import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { listDataPaths } from '../../data-paths.ts'
import { openSystem } from '../../open-system.ts'
import { makeTemporaryDirectory } from '../../testing/temporary-system.ts'

it('keeps what earlier imports stored in sight when one into the same timelines is cut off before its first commit', async () => {
  const directory = await makeTemporaryDirectory()
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const dataDirectory = join(directory, 'data')
  const folder = join(directory, 'evidence')
  await mkdir(folder)
  await writeFile(join(folder, 'a.jsonl'), '{"datetime":"2026-01-01T00:00:00Z","message":"a"}\n')
  await writeFile(join(folder, 'b.csv'), 'datetime,message\n2026-01-01T00:00:00Z,b\n')
  const open = () => openSystem({ dataDirectory, starterRules: false, looksAtUnseenEvents: false })
  {
    await using system = await open()
    const { auth, sketches, imports } = system.services
    const admin = await auth.localPrincipal('admin')
    const { id: sketchId } = await sketches.create(admin, { name: 'case' })
    for (const _ of ['first', 'again']) {
      const timeline = { name: 'evidence' }
      const started = await imports.start(admin, {
        sketchId,
        timeline,
        inputs: [{ path: folder }],
        bySource: true,
      })
      expect((await started.ended).status).toBe('done')
    }
  }
  {
    using database = new DatabaseSync(listDataPaths(dataDirectory).database)
    database.exec(`UPDATE imports SET status = 'running', files_json = '[]', is_final_commit = 0 WHERE ordinal = 2;
      UPDATE timelines SET status = 'processing' WHERE sketch_id IS NOT NULL`)
  }
  await using system = await open()
  const { auth, timelines } = system.services
  expect(system.recovery.map(({ code }) => code)).toEqual(['import-rolled-back'])
  const found = await timelines.list(await auth.localPrincipal('admin'), 1)
  expect(found.map(({ name, status }) => [name, status])).toEqual([
    ['evidence jsonl', 'ready'],
    ['evidence csv', 'ready'],
  ])
})
