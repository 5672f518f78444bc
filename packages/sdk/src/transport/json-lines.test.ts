import { constants } from 'node:buffer'
import { expect, test } from 'vitest'
import { MAX_LINE_CHARACTERS, readLines } from './json-lines.ts'

test('lines arrive whole however the stream is cut', async () => {
  const bytes = new TextEncoder().encode('{"a":"ü"}\n{"b":2}\n{"c":3}')
  for (const size of [1, 3, 7, 100]) {
    const parts: Uint8Array[] = []
    for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size))
    const lines = await Array.fromAsync(readLines(ReadableStream.from(parts) as ReadableStream<Uint8Array>))
    expect(lines).toEqual(['{"a":"ü"}', '{"b":2}', '{"c":3}'])
  }
})

test('a line that is too long is refused by its limit, whole or in parts, and the stream is cancelled', async () => {
  for (const parts of [['{"a":1234}\n'], ['{"a":', '1234}\n'], ['{"a":', '1234'], ['1\n', '{"a":12', '34']]) {
    let isCancelled = false
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const part of parts) controller.enqueue(new TextEncoder().encode(part))
      },
      cancel: () => {
        isCancelled = true
      },
    })
    await expect(Array.fromAsync(readLines(body, 8))).rejects.toMatchObject({
      name: 'LineLimitError',
      code: 'line-too-long',
      limit: 8,
      message: expect.stringContaining('may have 8 characters') as string,
    })
    expect(isCancelled).toBe(true)
  }
})

test('a line may be as long as the limit, which is a length that strings can have', async () => {
  const lines = (text: string) => Array.fromAsync(readLines(new Response(text).body!, 8))
  expect(await lines('12345678\n12345678')).toEqual(['12345678', '12345678'])
  expect(MAX_LINE_CHARACTERS).toBeLessThan(constants.MAX_STRING_LENGTH)
})
