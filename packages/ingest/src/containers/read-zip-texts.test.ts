import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import yazl from 'yazl'
import { readZipTexts } from './read-zip-texts.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timeskein-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function read(entries: Readonly<Record<string, string | Buffer>>, maxBytes = 100): Promise<unknown> {
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
