import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { UnpackingMeter } from '../containers/archive-limits.ts'
import { writeTar } from '../containers/tar-writer.ts'
import { makeZip } from '../containers/zip-fixture.ts'
import { readEvidence } from './read-evidence.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timeskein-journals-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

/** A database of which two of three rows are in the write-ahead log beside it alone. */
async function makeFiles(): Promise<readonly { readonly name: string; readonly content: Buffer }[]> {
  const path = join(folder, 'made')
  using database = new DatabaseSync(path)
  database.exec(`CREATE TABLE moz_formhistory (fieldname TEXT, value TEXT, firstUsed INTEGER, lastUsed INTEGER);
    INSERT INTO moz_formhistory VALUES ('a', 'one', 1700000000000000, 1700000000000000);
    PRAGMA journal_mode = WAL;
    INSERT INTO moz_formhistory VALUES ('a', 'two', 1700000001000000, 1700000001000000), ('a', 'three', 1700000002000000, 1700000002000000)`)
  return [
    { name: 'kim/formhistory.sqlite', content: await readFile(path) },
    { name: 'kim/formhistory.sqlite-wal', content: await readFile(`${path}-wal`) },
    { name: 'lee/formhistory.sqlite', content: await readFile(path) },
  ]
}

async function packTar(entries?: Awaited<ReturnType<typeof makeFiles>>): Promise<Buffer> {
  const files = (entries ?? (await makeFiles())).map(({ name, content }) => ({
    name,
    sizeBytes: content.length,
    changedSeconds: 0,
    content: toStream(content),
  }))
  return Buffer.concat(await Array.fromAsync(writeTar(toStream(...files))))
}

async function* toStream<T>(...items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

it.each([
  ['zip', async () => makeZip(await makeFiles())],
  ['tar', () => packTar()],
  ['tar.gz', async () => gzipSync(await packTar())],
])(
  'what stands beside a database in a %s archive is taken in with it, and with no other',
  async (ending, make) => {
    const path = join(folder, `case.${ending}`)
    await writeFile(path, await make())
    const read: number[] = []
    const remarks: string[] = []
    const refused: string[] = []
    for await (const item of readEvidence({ path })) {
      if (item.kind === 'refused') refused.push(item.reason)
      if (item.kind !== 'end') continue
      read.push(item.account.read)
      remarks.push(item.remarks.join())
    }
    expect(read).toEqual([3, 1])
    expect(refused).toEqual([
      'it belongs to formhistory.sqlite beside it, and was taken into account with that',
    ])
    expect(remarks).toEqual([expect.stringMatching(/^\d+ pages of the write-ahead log/), ''])
  },
)

it.each([
  ['a bomb', { content: Buffer.alloc(70 * 1024 * 1024) }, /could not be read: .*MAX_UNPACKING_RATIO/],
  ['damaged', { content: Buffer.alloc(5000), checksum: 7 }, /is damaged: .*CRC-32/],
])(
  'a journal that is %s takes its database not away, and is told as lost',
  async (_what, journal, detail) => {
    const [database] = await makeFiles()
    const path = join(folder, 'case.zip')
    await writeFile(path, makeZip([database!, { name: `${database!.name}-wal`, ...journal }]))
    const told: unknown[] = []
    for await (const item of readEvidence({ path })) {
      if (item.kind === 'end') told.push([item.account.read, item.account.reasons, item.remarks[0]])
    }
    expect(told).toEqual([[2, { 'bad-record': 1 }, expect.stringMatching(detail)]])
  },
)

it('a packed tar archive is read again for every journal in it, also inside of another archive, and no limit counts that', async () => {
  const [database, journal] = await makeFiles()
  const copies = Array.from({ length: 9 }, (_, i) => [
    { ...database!, name: `${i}/formhistory.sqlite` },
    { ...journal!, name: `${i}/formhistory.sqlite-wal` },
  ]).flat()
  // Nine passes over it are more than any archive may unpack to whatever its size.
  const filler = { name: 'blank', content: Buffer.alloc(8 * 1024 * 1024) }
  const content = gzipSync(await packTar([filler, ...copies]))
  for (const method of [0, 8]) {
    const path = join(folder, `case-${method}.zip`)
    await writeFile(path, makeZip([{ name: 'uac.tar.gz', content, method }]))
    const read: number[] = []
    for await (const item of readEvidence({ path })) if (item.kind === 'end') read.push(item.account.read)
    expect(read).toEqual(Array.from({ length: 9 }, () => 3))
  }
})

it('counts every time that any archive of an input is read again', async () => {
  const [database, journal] = await makeFiles()
  const content = gzipSync(await packTar([database!, journal!]))
  const path = join(folder, 'case.zip')
  await writeFile(
    path,
    makeZip(['a', 'b', 'c'].map((name) => ({ name: `${name}.tar.gz`, content, method: 0 }))),
  )
  const passes = vi.spyOn(UnpackingMeter.prototype, 'addPass')
  await Array.fromAsync(readEvidence({ path }))
  const called = passes.mock.calls.map(([name]) => name)
  passes.mockRestore()
  expect(new Set(called)).toEqual(
    new Set(['a', 'b', 'c'].map((name) => `${path}!${name}.tar.gz!${database!.name}`)),
  )
})

it('a bomb in an archive in an archive takes nothing else of that away, however often it is read', async () => {
  const bomb = gzipSync(await packTar([{ name: 'bomb', content: Buffer.alloc(80 * 1024 * 1024) }]))
  const [database] = await makeFiles()
  const ballast = { name: 'ballast', content: randomBytes(400_000), method: 0 }
  const path = join(folder, 'case.zip')
  await writeFile(path, makeZip([{ name: 'uac.tar.gz', content: bomb }, database!, ballast]))
  const told: unknown[] = []
  for await (const item of readEvidence({ path })) {
    if (item.kind === 'refused') told.push(item.reason)
    if (item.kind === 'end') told.push(item.account.read)
  }
  expect(told).toEqual([expect.stringMatching(/MAX_UNPACKING_RATIO/), 1, expect.stringMatching(/^it is /)])
})
