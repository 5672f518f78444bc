import { expect, test } from 'vitest'
import { isPlaceKnown, MAX_FILE_BYTES, readChunkPlace } from './chunk-place.ts'

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
  expect(isPlaceKnown(form(fields))).toBe(false)
  expect(isPlaceKnown(form({ ...fields, total_file_size: '20' }))).toBe(true)
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
