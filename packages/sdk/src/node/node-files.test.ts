import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nodeFiles } from './node-files.ts'
import { readIfThere, writePrivately } from './private-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sdk-files-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

test('a file has its name when it is whole, and not before', async () => {
  const path = join(folder, 'a.csv')
  const writer = (await nodeFiles.write(path)).getWriter()
  await writer.write(new TextEncoder().encode('one,'))
  expect(await readdir(folder)).not.toContain('a.csv')
  await writer.write(new TextEncoder().encode('two'))
  await writer.close()
  expect(await readFile(path, 'utf8')).toBe('one,two')
  expect(await readdir(folder)).toEqual(['a.csv'])
  const { name, blob } = await nodeFiles.open(path)
  expect([name, await blob.text()]).toEqual(['a.csv', 'one,two'])
})

test('an aborted file leaves what was there before', async () => {
  const path = join(folder, 'a.csv')
  await writeFile(path, 'before')
  const stream = await nodeFiles.write(path)
  await stream.abort(new Error('enough'))
  expect(await readFile(path, 'utf8')).toBe('before')
  expect(await readdir(folder)).toEqual(['a.csv'])
})

test('what cannot be read or written is told by its path, and why', async () => {
  const missing = join(folder, 'no', 'a.csv')
  const write = await nodeFiles.write(missing).catch((thrown: unknown) => thrown)
  expect(write).toMatchObject({
    name: 'FileError',
    code: 'file-failed',
    path: missing,
    message: `cannot write ${missing}: its folder is not there (ENOENT)`,
    advice: 'Make the folder, or give another path.',
    cause: { code: 'ENOENT' },
  })
  const read = nodeFiles.open(missing)
  await expect(read).rejects.toMatchObject({ message: `cannot read ${missing}: it is not there (ENOENT)` })
  const writer = (await nodeFiles.write(folder)).getWriter()
  await writer.write(new Uint8Array(1))
  await expect(writer.close()).rejects.toMatchObject({ name: 'FileError', path: folder })
  expect(await readdir(folder)).toEqual([])
})

test('secrets are written for their owner only, also over a file that others could read', async () => {
  const path = join(folder, 'rc')
  expect(await readIfThere(path)).toBeUndefined()
  await writeFile(path, 'before', { mode: 0o644 })
  await writePrivately(path, 'secret')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(new TextDecoder().decode(await readIfThere(path))).toBe('secret')
  expect(await readdir(folder)).toEqual(['rc'])
})
