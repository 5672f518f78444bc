import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openSystem } from '../../open-system.ts'
import { recoverUploads, STALE_CHUNKS_MS } from './recover-uploads.ts'

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'uploads-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('what was cut off is removed; a file that comes in chunks may be completed, but not for ever', async () => {
  const folder = await makeFolder()
  for (const name of ['1.file', '2.events', '1-1-old.chunks', '1-1-new.chunks'])
    await writeFile(join(folder, name), 'evidence')
  await mkdir(join(folder, 'timeskein-x'))
  await writeFile(join(folder, 'timeskein-x', 'spooled'), 'evidence')
  const nowMs = Date.now()
  const long = (nowMs - STALE_CHUNKS_MS - 1000) / 1000
  await utimes(join(folder, '1-1-old.chunks'), long, long)
  const found = await recoverUploads(folder, nowMs)
  expect(found.map(({ code, message }) => [code, message.split(' that ')[0]])).toEqual([
    ['upload-removed', '4 uploads (0.0 MB)'],
    ['upload-kept', '1 upload (0.0 MB)'],
  ])
  expect(await readdir(folder)).toEqual(['1-1-new.chunks'])
})

test('a start says what it found, and what it keeps is for its owner only', async () => {
  const folder = await makeFolder()
  const uploads = join(folder, 'uploads')
  await mkdir(uploads, { mode: 0o755 })
  await writeFile(join(uploads, '1.file'), 'evidence')
  await using system = await openSystem({ dataDirectory: folder })
  expect(system.recovery.map((note) => note.code)).toEqual(['upload-removed'])
  expect(await readdir(uploads)).toEqual([])
  const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777
  expect(await mode(uploads)).toBe(0o700)
  expect(await mode(join(folder, 'metadata.sqlite'))).toBe(0o600)
})
