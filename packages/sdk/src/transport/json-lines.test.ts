import { expect, test } from 'vitest'
import { readLines } from './json-lines.ts'

test('lines arrive whole however the stream is cut', async () => {
  const bytes = new TextEncoder().encode('{"a":"ü"}\n{"b":2}\n{"c":3}')
  for (const size of [1, 3, 7, 100]) {
    const parts: Uint8Array[] = []
    for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size))
    const lines = await Array.fromAsync(readLines(ReadableStream.from(parts) as ReadableStream<Uint8Array>))
    expect(lines).toEqual(['{"a":"ü"}', '{"b":2}', '{"c":3}'])
  }
})
