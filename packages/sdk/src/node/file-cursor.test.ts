import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileCursor } from './file-cursor.ts'

test('a cursor outlives the program, and leaves one file', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'cursor-'))
  try {
    const path = join(directory, 'events.cursor')
    expect(await fileCursor(path).load()).toBeUndefined()
    await fileCursor(path).save('first')
    await fileCursor(path).save('second')
    expect(await fileCursor(path).load()).toBe('second')
    expect(await readdir(directory)).toEqual(['events.cursor'])
  } finally {
    await rm(directory, { recursive: true })
  }
})
