import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSekoia, type SekoiaPlace } from './testing/open-sekoia.ts'

let at: SekoiaPlace
let key: string

beforeEach(async () => {
  at = await openSekoia()
  key = (await at.makeIntake()).key
})
afterEach(async () => {
  await at[Symbol.asyncDispose]()
  expect(at.problems).toEqual([])
})

async function push(
  path: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly code: unknown }> {
  const answer = await at.ask(path, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(body)),
    headers: { 'x-sekoiaio-intake-key': key, ...headers },
  })
  return { status: answer.status, code: ((await answer.json()) as { code?: unknown }).code }
}

async function findMessages(): Promise<unknown[]> {
  const events = await at.sekoia.search('*', { earliest: '1d' }).toArray()
  return events.map(({ message }) => message).toSorted()
}

test('a body that is packed in another way than gzip is refused, not stored as it is', async () => {
  for (const encoding of ['zstd', 'br', 'deflate'])
    expect(await push('/plain', zstdCompressSync('a line'), { 'content-encoding': encoding })).toEqual({
      status: 400,
      code: 'bad-content-encoding',
    })
  expect(await push('/plain', 'a line', { 'content-encoding': 'identity' })).toMatchObject({ status: 200 })
  expect(await findMessages()).toEqual(['a line'])
})

test('no byte of a line is lost that is no UTF-8, and lines beside it are read as ever', async () => {
  const lines = Buffer.concat([
    Buffer.from('caf\u00e9\ncaf'),
    Buffer.from([0xe9, 0x80]),
    Buffer.from('\nplain'),
  ])
  expect(await push('/plain/batch', lines)).toMatchObject({ status: 200 })
  expect(await push('/plain', Buffer.from([0x41, 0xff]))).toMatchObject({ status: 200 })
  expect(await findMessages()).toEqual(['A\u00ff', 'caf\u00e9', 'caf\u00e9\u20ac', 'plain'])
})

test('JSON that is no UTF-8 is refused, and a mark of the byte order is none of it, packed or not', async () => {
  expect(await push('/jsons', Buffer.from([0x5b, 0x22, 0xe9, 0x22, 0x5d]))).toEqual({
    status: 400,
    code: 'bad-encoding',
  })
  const marked = '\ufeff["marked"]'
  expect(await push('/jsons', marked)).toMatchObject({ status: 200 })
  expect(await push('/jsons', gzipSync(marked), { 'content-encoding': 'gzip' })).toMatchObject({
    status: 200,
  })
  expect(await findMessages()).toEqual(['marked', 'marked'])
})
