import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EXIT } from '../exit-codes.ts'
import { runSkein, type SkeinRun } from '../testing/run-skein.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-plaso-'))
  writeStorage(
    join(folder, 'whole.plaso'),
    JSON.stringify({ data_type: 'syslog:line', message_body: 'hello' }),
  )
  writeStorage(join(folder, 'hurt.plaso'), '{"data_type"')
  await writeFile(
    join(folder, 'mine.yaml'),
    "---\ntype: 'conditional'\ndata_type: 'syslog:line'\nmessage:\n- 'Said: {message_body}'\n- '{pid}'\n",
  )
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** A storage file with one event; plain JSON for its data. */
function writeStorage(path: string, data: string): void {
  using database = new DatabaseSync(path)
  database.exec(`
    CREATE TABLE metadata (key TEXT, value TEXT);
    INSERT INTO metadata VALUES ('format_version', '20230327'), ('compression_format', 'none');
    CREATE TABLE event_data (_identifier INTEGER PRIMARY KEY AUTOINCREMENT, _data TEXT);
    CREATE TABLE event (_identifier INTEGER PRIMARY KEY AUTOINCREMENT, _event_data_identifier TEXT, date_time TEXT, timestamp INTEGER, timestamp_desc TEXT);
    INSERT INTO event VALUES (1, 'event_data.1', '{}', 1772600000000000, 'Content Modification Time');
  `)
  database.prepare('INSERT INTO event_data VALUES (1, ?)').run(data)
}

async function skein(...args: readonly string[]): Promise<SkeinRun> {
  return await runSkein([...args, '--data', join(folder, 'data')])
}

async function search(timeline: string): Promise<Record<string, unknown>[]> {
  const run = await skein('search', `*`, '--sketch', 'case', '--timeline', timeline, '--json', '--quiet')
  return JSON.parse(run.out).hits
}

test('a storage file is imported with messages of ours, or by the formatters of the user', async () => {
  const whole = join(folder, 'whole.plaso')
  const own = await skein('import', whole, '-s', 'case', '--timeline', 'own')
  expect(own.out).toContain('(plaso): 1 read, 1 stored, 0 rejected')
  expect(own.exitCode, own.err).toBe(EXIT.ok)
  const theirs = await skein('import', whole, '-s', 'case', '--timeline', 'theirs', '--formatters', folder)
  expect(theirs.exitCode, theirs.err).toBe(EXIT.ok)
  expect((await search('own'))[0]).toMatchObject({ message: 'hello', data_type: 'syslog:line' })
  expect((await search('theirs'))[0]).toMatchObject({ message: 'Said: hello' })
})

test('formatters that a data directory has in its configuration write the messages of what is imported there', async () => {
  const config = join(folder, 'data', 'config')
  await mkdir(config, { recursive: true })
  await copyFile(join(folder, 'mine.yaml'), join(config, 'plaso_formatters.yaml'))
  const run = await skein('import', join(folder, 'whole.plaso'), '-s', 'case', '--timeline', 'configured')
  await rm(config, { recursive: true })
  expect(run.exitCode, run.err).toBe(EXIT.ok)
  expect((await search('configured'))[0]).toMatchObject({ message: 'Said: hello' })
})

test('what is lost of a storage file is told, and ends with another code than 0', async () => {
  const run = await skein('import', join(folder, 'hurt.plaso'), '-s', 'case', '--timeline', 'hurt')
  expect(run.out).toContain('2 read, 1 stored, 1 rejected')
  expect(run.exitCode).toBe(EXIT.badInput)
})

test.each([
  ['--plaso-filter', 'pid >', 'expected a value'],
  ['--formatters', 'no/such/folder', 'no/such/folder'],
  ['--message-resources', 'no/such/file', 'no/such/file'],
])('%s %s is refused before anything is stored', async (option, value, message) => {
  const run = await skein('import', join(folder, 'whole.plaso'), '-s', 'other', option, value)
  expect(run.exitCode).not.toBe(EXIT.ok)
  expect(run.err).toContain(message)
})
