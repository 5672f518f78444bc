import { Buffer } from 'node:buffer'
import { expect, it } from 'vitest'
import { type ByteSource, PeekableSource, readUpTo } from './byte-source.ts'

const CONTENT = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, at) => at % 251))

/** Gives some bytes at a time, and notes the largest room it was offered. */
function makeSource(content: Buffer, sizeBytes: number): ByteSource & { largestRoom: number } {
  let at = 0
  return {
    largestRoom: 0,
    async read(target, offset) {
      this.largestRoom = Math.max(this.largestRoom, target.length)
      const size = content.copy(target, offset, at, at + Math.min(sizeBytes, target.length - offset))
      at += size
      return size
    },
  }
}

it.each([1000, 16 * 1024, CONTENT.length])(
  'a source that gives %i bytes at a time is looked at further and further, and read whole',
  async (sizeBytes) => {
    const source = new PeekableSource(makeSource(CONTENT, sizeBytes))
    for (const wanted of [5, 512, 20_000, 20_000, 250_000, 100, 1_000_000])
      expect((await source.peek(wanted)).equals(CONTENT.subarray(0, wanted))).toBe(true)
    expect((await readUpTo(source, 1_000_000)).equals(CONTENT)).toBe(true)
  },
)

it('what is small gets little room, however much of it is wanted', async () => {
  const source = makeSource(CONTENT.subarray(0, 100), 1000)
  await new PeekableSource(source).peek(16 * 1024 * 1024)
  expect(source.largestRoom).toBeLessThanOrEqual(16 * 1024)
})
