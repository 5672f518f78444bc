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
  const reader = zipStream(call, entries()).getReader()
  expect((await reader.read()).done).toBe(false)
  await reader.cancel()
  await endless.returned
  await entriesEnded.promise
  expect(begun).toBe(1)
})

it('fails where the text of a file fails', async () => {
  const stream = zipStream(call, [
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
  const bytes = new Uint8Array(
    await new Response(
      zipStream(call, [
        { name: 'a.txt', text: () => ['one'] },
        { name: 'b.txt', text: () => ['two'] },
      ]),
    ).arrayBuffer(),
  )
  const text = Buffer.from(bytes).toString('latin1')
  expect(text.startsWith('PK')).toBe(true)
  expect(text.match(/[ab]\.txt/g)).toHaveLength(4)
})
