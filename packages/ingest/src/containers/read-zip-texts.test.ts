import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import yazl from 'yazl'
import { readZipTexts, type ZipText } from './read-zip-texts.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timeskein-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function read(
  entries: Readonly<Record<string, string | Buffer>>,
  maxBytes = 100,
): Promise<readonly ZipText[]> {
  const zip = new yazl.ZipFile()
  for (const [name, content] of Object.entries(entries)) zip.addBuffer(Buffer.from(content), name)
  zip.end()
  const path = join(folder, 'texts.zip')
  await writeFile(path, await buffer(zip.outputStream))
  const wants = (name: string): boolean => name.endsWith('.yml')
  return await Array.fromAsync(readZipTexts(path, { wants, maxBytes }))
}

test('texts come with their names, what is not wanted is passed over', async () => {
  expect(await read({ 'rules/a.yml': 'title: ä', 'README.md': '# x', 'b.yml': 'b' })).toEqual([
    { name: 'rules/a.yml', text: 'title: ä' },
    { name: 'b.yml', text: 'b' },
  ])
})

test('what cannot be read is told, and the rest is read', async () => {
  expect(
    await read({
      'in.zip': 'PK',
      'latin.yml': Buffer.of(0xe4),
      'long.yml': 'x'.repeat(101),
      'good.yml': 'x'.repeat(100),
    }),
  ).toEqual([
    { name: 'in.zip', reason: expect.stringContaining('an archive inside of the archive') },
    { name: 'latin.yml', reason: 'UTF-8 expected, found other bytes' },
    { name: 'long.yml', reason: 'at most 100 bytes expected, found more' },
    { name: 'good.yml', text: 'x'.repeat(100) },
  ])
})

const MEBIBYTE = 2 ** 20

test('texts of an archive may be many mebibytes together', async () => {
  const text = randomBytes(MEBIBYTE / 2).toString('hex')
  const entries = Array.from({ length: 70 }, (_, n) => [`${n}.yml`, text] as const)
  const texts = await read(Object.fromEntries(entries), MEBIBYTE)
  expect(texts).toEqual(entries.map(([name]) => ({ name, text })))
})

test('an archive that unpacks to far more than it holds is read to its limit, and that is told', async () => {
  const nothing = Buffer.alloc(16 * MEBIBYTE)
  const entries = Array.from({ length: 6 }, (_, n) => [`${n}.yml`, nothing] as const)
  const texts = await read({ 'good.yml': 'title: x', ...Object.fromEntries(entries) }, nothing.length)
  expect(texts.find(({ name }) => name === 'good.yml')).toEqual({ name: 'good.yml', text: 'title: x' })
  expect(texts.map(({ name }) => name)).not.toContain('5.yml')
  expect(texts.at(-1)).toEqual({
    name: '(rest of the archive)',
    reason: expect.stringContaining('MAX_UNPACKING_RATIO'),
  })
})

test('a text that is packed very small is read whole, wherever its pieces lie in memory that Node shares', async () => {
  const text = 'a'.repeat(2 * MEBIBYTE)
  expect(await read({ 'a.yml': text }, text.length)).toEqual([{ name: 'a.yml', text }])
})
