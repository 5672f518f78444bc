import { expect, test } from 'vitest'
import { readLines } from './read-lines.ts'

async function read(pieces: readonly Uint8Array[], maxLength = 100): Promise<readonly string[]> {
  async function* give(): AsyncGenerator<Uint8Array> {
    yield* pieces
  }
  return await Array.fromAsync(readLines(give(), maxLength))
}

test('lines come whole, wherever the bytes are cut', async () => {
  const bytes = new TextEncoder().encode('one\n\nzwölf\r\nlast')
  const pieces = [...bytes].map((byte) => Uint8Array.of(byte))
  expect(await read(pieces)).toEqual(['one', 'zwölf\r', 'last'])
  expect(await read([bytes])).toEqual(['one', 'zwölf\r', 'last'])
  expect(await read([])).toEqual([])
})

test('a line that is too long is refused, whether it ends or not', async () => {
  for (const text of ['x'.repeat(11), `${'x'.repeat(11)}\ny`])
    await expect(read([new TextEncoder().encode(text)], 10)).rejects.toMatchObject({ code: 'line-too-long' })
})
