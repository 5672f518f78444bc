import { rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeTemporaryDirectory } from '../testing/temporary-system.ts'
import { SecretBox } from './secret-box.ts'

let directory: string
let path: string

beforeEach(async () => {
  directory = await makeTemporaryDirectory()
  path = join(directory, 'secret.key')
})
afterEach(async () => {
  await rm(directory, { recursive: true })
})

test('opens what another process sealed, and nothing shows in it', async () => {
  const sealed = await new SecretBox(path).seal('hunter2', 'a')
  expect(sealed).not.toContain('hunter2')
  expect(await new SecretBox(path).open(sealed, 'a')).toBe('hunter2')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test('seals the same secret differently each time', async () => {
  const box = new SecretBox(path)
  expect(await box.seal('x', 'a')).not.toBe(await box.seal('x', 'a'))
})

test('opens nothing for another purpose, changed, or under another key', async () => {
  const box = new SecretBox(path)
  const sealed = await box.seal('hunter2', 'a')
  const refusal = { kind: 'unavailable', code: 'secret-unreadable' }
  await expect(box.open(sealed, 'b')).rejects.toMatchObject(refusal)
  await expect(box.open(`${sealed.slice(0, -2)}AA`, 'a')).rejects.toMatchObject(refusal)
  await expect(box.open('v1.AA', 'a')).rejects.toMatchObject(refusal)
  await writeFile(path, '00'.repeat(32))
  await expect(new SecretBox(path).open(sealed, 'a')).rejects.toMatchObject(refusal)
  await rm(path)
  await expect(new SecretBox(path).open(sealed, 'a')).rejects.toMatchObject(refusal)
})

test('a key that is no key is not written over', async () => {
  await writeFile(path, 'not a key')
  await expect(new SecretBox(path).seal('x', 'a')).rejects.toThrow('not a key of 32 bytes')
})
