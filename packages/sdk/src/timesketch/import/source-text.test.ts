import { expect, test } from 'vitest'
import { readText } from './source-text.ts'

async function read(
  bytes: readonly number[],
  partBytes: number,
  encoding?: string,
): Promise<{ text: string; undecoded: number }> {
  const parts = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += partBytes)
      yield Uint8Array.from(bytes.slice(at, at + partBytes))
  }
  let undecoded = 0
  const texts = await Array.fromAsync(
    readText(parts(), encoding, (count) => {
      undecoded += count
    }),
  )
  return { text: texts.join(''), undecoded }
}

const WRITTEN = [0xef, 0xbf, 0xbd]

test.each([1, 2, 3, 7, 100])(
  'what is lost of a text is counted, and U+FFFD that stands in it is not (%i bytes at once)',
  async (partBytes) => {
    const bytes = [0x61, 0xe9, 0x62, ...WRITTEN, 0xef, ...WRITTEN, 0xff, 0x63, 0xef, 0xbf]
    expect(await read(bytes, partBytes)).toEqual({
      text: 'a\uFFFDb\uFFFD\uFFFD\uFFFD\uFFFDc\uFFFD',
      undecoded: 4,
    })
    expect(await read([0x61, ...WRITTEN, 0xc3, 0xa9], partBytes)).toEqual({
      text: 'a\uFFFD\u00e9',
      undecoded: 0,
    })
  },
)

test('in another encoding, too', async () => {
  expect(await read([0x82, 0xa0, 0x82], 1, 'shift_jis')).toEqual({ text: 'あ\uFFFD', undecoded: 1 })
})
