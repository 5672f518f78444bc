import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readZipTexts } from '@timeskein/ingest'
import { expect, it } from 'vitest'
import { createLogger } from '../../../log.ts'
import { type ZipEntry, zipStream } from './result-zip.ts'

const call = { log: createLogger({ level: 'silent' }), requestId: 'r', signal: new AbortController().signal }

/** Text without end that does not compress, and word of when its making ends. */
function makeEndless(): { text: () => AsyncGenerator<string>; returned: Promise<void> } {
  const returned = Promise.withResolvers<void>()
  return {
    returned: returned.promise,
    async *text() {
      try {
        for (let block = 0; ; block++)
          yield Array.from({ length: 4096 }, (_, at) => (block * 31 + at * 2654435761).toString(36)).join()
      } finally {
        returned.resolve()
      }
    },
  }
}

it('ends the making of a file when the client goes away', async () => {
  const endless = makeEndless()
  let begun = 0
  const entriesEnded = Promise.withResolvers<void>()
  async function* entries(): AsyncGenerator<ZipEntry> {
    try {
      begun++
      yield { name: 'first.csv', text: endless.text }
      begun++
      yield { name: 'second.csv', text: () => ['never'] }
    } finally {
      entriesEnded.resolve()
    }
  }
  const reader = (await zipStream(call, entries())).getReader()
  expect((await reader.read()).done).toBe(false)
  await reader.cancel()
  await endless.returned
  await entriesEnded.promise
  expect(begun).toBe(1)
})

it('fails where the text of a file fails', async () => {
  const stream = await zipStream(call, [
    {
      name: 'bad.csv',
      async *text() {
        yield 'a'
        throw new Error('no such page')
      },
    },
  ])
  await expect(new Response(stream).arrayBuffer()).rejects.toThrow('no such page')
})

it('is a ZIP with every file when it is read to its end', async () => {
  const long = Array.from({ length: 60_000 }, (_, row) => `${row},née ${(row * 2654435761).toString(36)}\r\n`)
  const stream = await zipStream(call, [
    { name: 'a.txt', text: () => ['one'] },
    { name: 'views/b.csv', text: () => long },
    { name: 'empty.txt', text: () => [] },
  ])
  const folder = await mkdtemp(join(tmpdir(), 'timeskein-zip-'))
  try {
    const path = join(folder, 'result.zip')
    await writeFile(path, stream)
    const files = await Array.fromAsync(readZipTexts(path, { wants: () => true, maxBytes: 4 * 1024 * 1024 }))
    expect(files).toEqual([
      { name: 'a.txt', text: 'one' },
      { name: 'views/b.csv', text: long.join('') },
      { name: 'empty.txt', reason: 'it is empty' },
    ])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

it('begins no other file after one that failed', async () => {
  let begun = 0
  const stream = await zipStream(call, [
    {
      name: 'bad.csv',
      async *text() {
        begun++
        yield 'a'.repeat(300_000)
        throw new Error('no such page')
      },
    },
    {
      name: 'next.csv',
      text: () => {
        begun++
        return ['never']
      },
    },
  ])
  await expect(new Response(stream).arrayBuffer()).rejects.toThrow('no such page')
  expect(begun).toBe(1)
})
