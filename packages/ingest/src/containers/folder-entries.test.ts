import { Buffer } from 'node:buffer'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { UnpackingMeter } from './archive-limits.ts'
import { readChunks } from './byte-source.ts'
import { readFolderEntries } from './folder-entries.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timeskein-folder-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

/** Names with their texts, or with why they are not read. */
async function list(): Promise<readonly (readonly [string, string])[]> {
  const found: [string, string][] = []
  for await (const entry of readFolderEntries(folder, new UnpackingMeter(folder))) {
    if (entry.kind === 'refused') found.push([entry.name, entry.reason])
    else
      found.push([
        entry.name,
        Buffer.concat(await Array.fromAsync(readChunks(entry.source, 1000))).toString(),
      ])
  }
  return found
}

// Windows and macOS have no such names.
it.runIf(process.platform === 'linux')('files are read also where names are no text', async () => {
  const odd = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x62, 0xff, 0xfe])])
  await mkdir(odd)
  await writeFile(Buffer.concat([odd, Buffer.from('/plain.csv')]), 'below')
  await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xe9, 0x2e, 0x63])]), 'beside')
  await writeFile(join(folder, 'é.csv'), 'text')
  expect(await list()).toEqual([
    ['b\\xff\\xfe/plain.csv', 'below'],
    ['é.csv', 'text'],
    ['\\xe9.c', 'beside'],
  ])
})
