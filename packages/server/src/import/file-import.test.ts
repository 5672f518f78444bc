import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openTemporarySystem, type TemporarySystem } from '../testing/temporary-system.ts'
import type { ImportJob } from './import-service.ts'

vi.mock('./limits.ts', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  MAX_GROUP_FILES: 3,
  MAX_HELD_BYTES: 4000,
}))

let temporary: TemporarySystem
let sketchId: number
beforeEach(async () => {
  temporary = await openTemporarySystem()
  sketchId = (await temporary.system.services.sketches.create(temporary.admin, { name: 'case' })).id
})
afterEach(async () => {
  await temporary[Symbol.asyncDispose]()
})

function makeLines(name: string, rows: number): string {
  return Array.from(
    { length: rows },
    (_, row) => `${JSON.stringify({ datetime: '2026-03-01T10:00:00Z', message: `${name} ${row}` })}\n`,
  ).join('')
}

/** Imports a folder of files; tells how many files the account had at each commit. */
async function importFolder(
  files: Readonly<Record<string, string>>,
): Promise<{ job: ImportJob; commits: readonly number[] }> {
  const folder = join(temporary.directory, 'evidence')
  await mkdir(folder)
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  using database = new DatabaseSync(join(temporary.directory, 'metadata.sqlite'))
  database.exec(`CREATE TABLE commits (files INTEGER);
    CREATE TRIGGER count_files AFTER UPDATE OF is_final_commit ON imports BEGIN
      INSERT INTO commits VALUES (json_array_length(NEW.files_json));
    END`)
  const started = await temporary.system.services.imports.start(temporary.admin, {
    sketchId,
    timeline: { name: 'evidence' },
    inputs: [{ path: folder }],
  })
  const job = await started.ended
  const rows = database.prepare('SELECT files FROM commits').all()
  return { job, commits: rows.map(({ files }) => Number(files)) }
}

it('small files are committed together, each with its account and its rejected rows', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  const texts = names.map((name) => [`${name}.jsonl`, makeLines(name, 2)] as const)
  const { job, commits } = await importFolder({
    ...Object.fromEntries(texts),
    'b.jsonl': `${makeLines('b', 2)}{"broken\n`,
    'g.jsonl': `${makeLines('g', 2)}{"broken too\n`,
  })
  expect(commits).toEqual([3, 6, 7])
  expect(job.files.map(({ path, read, stored }) => [path.slice(-7), read, stored])).toEqual(
    names.map((name) => [`${name}.jsonl`, name === 'b' || name === 'g' ? 3 : 2, 2]),
  )
  const { imports } = temporary.system.services
  const readRejects = async (file: number): Promise<string> =>
    await new Response(await imports.readRejects(temporary.admin, job.id, 'raw', file)).text()
  expect(await readRejects(2)).toBe('{"broken\n')
  expect(await readRejects(7)).toBe('{"broken too\n')
})

it('a file of many rows has a commit of its own, in its turn', async () => {
  const { job, commits } = await importFolder({
    'a.jsonl': makeLines('a', 2),
    'b.jsonl': makeLines('b', 200),
    'c.jsonl': makeLines('c', 2),
    'd.jsonl': makeLines('d', 2),
  })
  expect(commits).toEqual([1, 2, 4])
  expect(job.files.map(({ stored }) => stored)).toEqual([2, 200, 2, 2])
})

it('rows that stand in a small file before are known, as they are in the timeline', async () => {
  const { job, commits } = await importFolder({
    'a.jsonl': makeLines('a', 3),
    'b.jsonl': makeLines('a', 2) + makeLines('b', 1),
    'c.jsonl': makeLines('c', 1),
  })
  expect(job.files.map(({ stored, duplicates }) => [stored, duplicates])).toEqual([
    [3, 0],
    [1, 2],
    [1, 0],
  ])
  expect(commits).toEqual([1, 3])
})

it('what was held for other timelines is stored where the account of one of them does not add up', async () => {
  const { store, imports } = temporary.system.services
  const folder = join(temporary.directory, 'kinds')
  await mkdir(folder)
  for (const name of ['a', 'c', 'd']) await writeFile(join(folder, `${name}.jsonl`), makeLines(name, 2))
  await writeFile(join(folder, 'b.csv'), 'datetime,message\n2026-03-01T10:00:00Z,b\n')
  const begin = store.beginImport.bind(store)
  vi.spyOn(store, 'beginImport').mockImplementationOnce(async (target) => {
    const transaction = await begin(target)
    const append = transaction.append.bind(transaction)
    transaction.append = async (...batch) => ({ ...(await append(...batch)), stored: 1 })
    return transaction
  })
  const { ended } = await imports.start(temporary.admin, {
    sketchId,
    timeline: { name: 'evidence' },
    inputs: [{ path: folder }],
    bySource: true,
  })
  const { status, error, files } = await ended
  expect(status).toBe('failed')
  expect(error).toContain('a.jsonl was not stored, since its account does not add up')
  expect(files.map(({ path, stored }) => [path.slice(-5), stored])).toEqual([['b.csv', 1]])
})
