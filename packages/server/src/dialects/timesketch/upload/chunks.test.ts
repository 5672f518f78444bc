import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { finishChunks, MAX_FILE_BYTES, readChunkPlace, writeChunk } from './chunks.ts'

const NAME = '0123456789abcdef0123456789abcdef'

function form(fields: Record<string, string>): ReadonlyMap<string, string> {
  return new Map(Object.entries(fields))
}

test('a whole file has no place', () => {
  expect(readChunkPlace(form({ name: 'x' }))).toBeUndefined()
})

test('the name of the chunks goes before the index, which several uploads may share', () => {
  const fields = {
    chunk_index: '0',
    chunk_byte_offset: '0',
    chunk_total_chunks: '1',
    index_name: 'f'.repeat(32),
  }
  expect(readChunkPlace(form({ ...fields, chunk_index_name: NAME }))?.name).toBe(NAME)
  expect(readChunkPlace(form(fields))?.name).toBe('f'.repeat(32))
})

test('numbers come as text', () => {
  const fields = {
    chunk_index: '1',
    chunk_byte_offset: '10',
    chunk_total_chunks: '3',
    chunk_index_name: NAME,
  }
  expect(readChunkPlace(form(fields))).toEqual({ name: NAME, index: 1, byteOffset: 10, totalChunks: 3 })
})

test.each([
  { chunk_index_name: '../../etc/passwd' },
  { chunk_index_name: '', index_name: 'Not Valid' },
  { chunk_index_name: NAME, chunk_index: '3' },
  { chunk_index_name: NAME, chunk_byte_offset: '-1' },
  { chunk_index_name: NAME, chunk_byte_offset: 'x' },
  { chunk_index_name: NAME, chunk_byte_offset: String(MAX_FILE_BYTES + 1) },
])('refuses %j', (change) => {
  const fields = { chunk_index: '0', chunk_byte_offset: '0', chunk_total_chunks: '3', ...change }
  expect(() => readChunkPlace(form(fields))).toThrow('Unable to upload file')
})

test('chunks are put together, and the first one begins anew', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chunks-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const target = join(folder, 'whole.chunks')
  const send = async (index: number, byteOffset: number, text: string, totalBytes = 30) => {
    const path = join(folder, `part-${index}`)
    await writeFile(path, text)
    const part = { path, fileName: 'x', sizeBytes: text.length }
    return writeChunk(target, { name: NAME, index, byteOffset, totalChunks: 2 }, part, totalBytes)
  }
  await expect(send(1, 5, 'world')).rejects.toThrow('came before the first one')
  await send(0, 0, 'a longer one from before')
  await send(0, 0, 'hello')
  expect(await send(1, 5, ' world', 11)).toBe(11)
  expect(await readFile(target, 'utf8')).toBe('hello world')
  await expect(send(1, 29, 'ab')).rejects.toThrow('ends at byte 31 of a file of 30')
  const whole = await finishChunks(target)
  await send(0, 0, 'another of that name')
  expect(await readFile(whole, 'utf8')).toBe('hello world')
})

test('the last chunk is not taken while one before it is missing, and is taken after that has come', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chunks-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const target = join(folder, 'whole.chunks')
  const send = async (index: number, byteOffset: number, text: string) => {
    const path = join(folder, `part-${index}`)
    await writeFile(path, text)
    const part = { path, fileName: 'x', sizeBytes: text.length }
    return writeChunk(target, { name: NAME, index, byteOffset, totalChunks: 4 }, part, 12)
  }
  await send(0, 0, 'one')
  await send(2, 6, 'six')
  await expect(send(3, 9, 'end')).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining('but not bytes 3 to 5 of 12.') as string,
  })
  await send(1, 3, 'two')
  await send(1, 3, 'two')
  expect(await send(3, 9, 'end')).toBe(12)
  const whole = await finishChunks(target)
  expect(await readFile(whole, 'utf8')).toBe('onetwosixend')
  expect(await readdir(folder)).toEqual([basename(whole)])
  await send(0, 0, 'one')
  await expect(send(3, 9, 'end')).rejects.toThrow('but not bytes 3 to 8 of 12')
})
