import { Buffer } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { makeZip, type ZipFixtureEntry } from '../containers/zip-fixture.ts'
import { makeHive } from '../registry/testing/hive-writer.ts'
import { makeDirty, makeNewLog, makeOldLog } from '../registry/testing/log-writer.ts'
import { readEvidence } from './read-evidence.ts'
import type { ReadOptions } from './read-options.ts'
import { eventLines } from './testing/read-bytes.ts'

/** Name, refusal and reason of each entry that is not in, of an archive that has an honest one too. */
async function refuse(...entries: readonly ZipFixtureEntry[]) {
  const honest = { name: 'honest.jsonl', content: Buffer.from(eventLines(2)) }
  const refused: (readonly [string, string, string])[] = []
  let rejected = 0
  for await (const item of read({}, [honest, ...entries])) {
    if (item.kind === 'refused') refused.push([item.path, item.refusal, item.reason])
    if (item.kind === 'end') rejected += item.account.rejected
  }
  return { refused, rejected }
}

function read(options: ReadOptions, entries: readonly ZipFixtureEntry[]): ReturnType<typeof readEvidence> {
  const bytes = makeZip(entries)
  const stream = (async function* () {
    yield bytes
  })()
  return readEvidence({ name: 'case.zip', stream }, options)
}

it('a file of no known format is not understood, and one that damage keeps from being known is unreadable', async () => {
  const sqlite = Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(2000, 'A')])
  const packed = gzipSync(Buffer.from(eventLines(500))).subarray(0, 12)
  const { refused } = await refuse(
    { name: 'readme.txt', content: Buffer.from('hello\nworld\n') },
    { name: 'cut.gz', content: packed },
    { name: 'History', content: sqlite },
    { name: 'damaged.bin', content: Buffer.from('abc'), checksum: 7 },
  )
  expect(refused).toEqual([
    ['case.zip!readme.txt', 'not-understood', expect.stringContaining('begins with "hello')],
    ['case.zip!cut.gz', 'unreadable', expect.stringContaining('nothing could be unpacked')],
    ['case.zip!History', 'unreadable', expect.stringContaining('an SQLite database that cannot be read')],
    ['case.zip!damaged.bin', 'unreadable', expect.stringContaining('expected the CRC-32 00000007')],
  ])
})

it('what evidence may be packed in is unreadable where it cannot be unpacked, pictures and programs are not understood', async () => {
  const head = (hex: string): Buffer => Buffer.concat([Buffer.from(hex, 'hex'), randomBytes(600)])
  const damagedTar = Buffer.alloc(512, 'x')
  damagedTar.write('ustar', 257)
  const { refused } = await refuse(
    { name: 'auth.log.xz', content: head('fd377a585a00') },
    { name: 'auth.log.bz2', content: head('425a683931') },
    { name: 'logs.7z', content: head('377abcaf271c') },
    { name: 'logs.rar', content: head('526172211a07') },
    { name: 'logs.tar', content: damagedTar },
    { name: 'task.plaso', content: await makeTaskStorage() },
    { name: 'a.png', content: head('89504e47') },
    { name: 'a.exe', content: head('4d5a9000') },
  )
  expect(refused.map(([path, refusal]) => [path.split('!')[1], refusal])).toEqual([
    ['auth.log.xz', 'unreadable'],
    ['auth.log.bz2', 'unreadable'],
    ['logs.7z', 'unreadable'],
    ['logs.rar', 'unreadable'],
    ['logs.tar', 'unreadable'],
    ['task.plaso', 'unreadable'],
    ['a.png', 'not-understood'],
    ['a.exe', 'not-understood'],
  ])
})

async function makeTaskStorage(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'skein-task-'))
  try {
    const path = join(folder, 'task.plaso')
    const database = new DatabaseSync(path)
    database.exec(
      "CREATE TABLE metadata (key TEXT, value TEXT); INSERT INTO metadata VALUES ('format_version', '20230327'), ('storage_type', 'task')",
    )
    database.close()
    return await readFile(path)
  } finally {
    await rm(folder, { recursive: true })
  }
}

it('a history of commands without times is told as that', async () => {
  const content = Buffer.from('ls -la\ncd /tmp\nwhoami\n')
  const names = ['home/ana/.bash_history', 'root/.zsh_history', 'PSReadLine/ConsoleHost_history.txt', 'notes']
  const { refused } = await refuse(...names.map((name) => ({ name, content })))
  expect(
    refused.map(([, refusal, reason]) => [refusal, reason.startsWith('it is a history of commands')]),
  ).toEqual([
    ['not-understood', true],
    ['not-understood', true],
    ['not-understood', true],
    ['not-understood', false],
  ])
})

it('an entry that cannot be unpacked is told as packed, which is all that is known of it', async () => {
  const content = Buffer.from(eventLines(500))
  const { refused } = await refuse({ name: 'a.jsonl', content, packed: Buffer.from('ff00ff00', 'hex') })
  expect(refused[0]![2]).toMatch(/^it is packed data of which nothing could be unpacked/)
})

it('a damaged transaction log is unreadable, and told with its hive', async () => {
  const [before, after] = [makeHive({ A: {} }), makeHive({ A: {}, B: {} })]
  const { refused, rejected } = await refuse(
    { name: 'OLD', content: makeDirty(before) },
    { name: 'OLD.LOG1', content: makeOldLog(before, after), checksum: 7 },
    { name: 'NEW', content: makeDirty(before) },
    { name: 'NEW.LOG1', content: makeNewLog([before, after]), checksum: 7 },
    { name: 'LOCKED', content: makeDirty(before) },
    { name: 'LOCKED.LOG1', content: makeOldLog(before, after), isEncrypted: true },
  )
  expect(rejected).toBe(3)
  expect(refused).toEqual([
    ['case.zip!LOCKED.LOG1', 'unreadable', 'it is encrypted'],
    ['case.zip!OLD.LOG1', 'unreadable', expect.stringMatching(/^it belongs to OLD beside it, .*CRC-32/)],
    ['case.zip!NEW.LOG1', 'unreadable', expect.stringMatching(/^it belongs to NEW beside it, .*CRC-32/)],
  ])
})

it('a database all of whose tables are in a log that cannot be read is unreadable', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'timeskein-empty-'))
  const path = join(folder, 'History')
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE urls (id INTEGER)')
  const content = await readFile(path)
  database.close()
  await rm(folder, { recursive: true })
  const bomb = Buffer.alloc(70 * 1024 * 1024)
  const { refused } = await refuse({ name: 'History', content }, { name: 'History-wal', content: bomb })
  expect(refused).toContainEqual([
    'case.zip!History',
    'unreadable',
    expect.stringMatching(/^it is an SQLite database without tables; What stands .*MAX_UNPACKING_RATIO/),
  ])
})

it('a file belongs to the one beside it only where that is of a format that has such files', async () => {
  const { refused } = await refuse(
    { name: 'notes.csv', content: Buffer.from('datetime,message\n2024-01-01T10:00:00Z,a\n') },
    { name: 'notes.csv-journal', content: Buffer.from('dear diary\n') },
    { name: 'notes.csv-wal', content: Buffer.alloc(0) },
    { name: 'notes.csv.LOG1', content: Buffer.from('hello\nworld\n') },
  )
  expect(refused).toEqual([
    ['case.zip!notes.csv-journal', 'not-understood', expect.stringMatching(/^it is .*dear diary/)],
    ['case.zip!notes.csv-wal', 'not-understood', 'it is empty'],
    ['case.zip!notes.csv.LOG1', 'not-understood', expect.stringMatching(/^it is .*hello/)],
  ])
})

it('all that was met is told where something ends the import', async () => {
  const [before, after] = [makeHive({ A: {} }), makeHive({ A: {}, B: {} })]
  const ending = new AbortController()
  const items = read({ signal: ending.signal }, [
    { name: 'SYSTEM.LOG1', content: makeNewLog([before, after]) },
    { name: 'LATER.LOG1', content: makeNewLog([before, after]) },
    { name: 'SYSTEM', content: makeDirty(before) },
    { name: 'LATER', content: makeDirty(before) },
  ])
  const refused: unknown[] = []
  const readAll = async (): Promise<void> => {
    for await (const item of items) {
      if (item.kind === 'end') ending.abort()
      if (item.kind === 'refused') refused.push([item.path, item.reason])
    }
  }
  await expect(readAll()).rejects.toThrow('aborted')
  expect(refused).toEqual([
    ['case.zip!SYSTEM.LOG1', expect.stringMatching(/^it belongs to SYSTEM beside it/)],
    ['case.zip!LATER.LOG1', expect.stringMatching(/^it is a transaction log/)],
  ])
})

it('a large SYSTEM hive counts against no limit when its host is looked for', async () => {
  const block = randomBytes(1024)
  const content = Buffer.concat([makeHive({ Select: {} }), ...Array.from({ length: 66 * 1024 }, () => block)])
  const { refused, rejected } = await refuse({ name: 'C/Windows/System32/config/SYSTEM', content })
  expect([refused, rejected]).toEqual([[], 0])
})

it('a bomb by the name of a file that tells of its host is refused by itself', async () => {
  const content = Buffer.alloc(70 * 1024 * 1024)
  const { refused, rejected } = await refuse({ name: 'C/Windows/System32/config/SYSTEM', content })
  expect(rejected).toBe(0)
  expect(refused).toEqual([
    [
      'case.zip!C/Windows/System32/config/SYSTEM',
      'unreadable',
      expect.stringContaining('MAX_UNPACKING_RATIO'),
    ],
  ])
})
