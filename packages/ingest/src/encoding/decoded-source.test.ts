import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { ChunkSource, fillFrom } from '../containers/byte-source.ts'
import { readBytes } from '../pipeline/testing/read-bytes.ts'
import { DecodedSource } from './decoded-source.ts'

/** Greek letters, with two bytes that windows-1253 gives no character. */
const GREEK = Buffer.from([0xe1, 0xd2, 0xe2, 0xff, 0xe3])

describe('characters that could not be decoded', () => {
  it.each<readonly [string, (text: Buffer) => Buffer]>([
    [
      'a CSV',
      (text) =>
        Buffer.concat([Buffer.from('datetime,message\n2024-01-01T10:00:00Z,'), text, Buffer.from('\n')]),
    ],
    [
      'JSON lines',
      (text) =>
        Buffer.concat([
          Buffer.from('{"datetime":"2024-01-01T10:00:00Z","message":"'),
          text,
          Buffer.from('"}\n'),
        ]),
    ],
    [
      'a text log',
      (text) =>
        Buffer.concat([Buffer.from('<34>1 2024-01-01T10:00:00Z host app - - - '), text, Buffer.from('\n')]),
    ],
    [
      'lines of no known log',
      (text) =>
        Buffer.concat([
          Buffer.from('2024-01-01 10:00:00 started\n2024-01-01 10:00:01 '),
          text,
          Buffer.from('\n'),
        ]),
    ],
  ])('of %s are counted in a remark', async (_what, make) => {
    const { remarks, accounts, rejects } = await readBytes(make(GREEK), { encoding: 'windows-1253' })
    expect(remarks).toContain(
      '2 characters could not be decoded as windows-1253; they are kept as U+FFFD. The text may be of another encoding (option "encoding").',
    )
    expect([accounts[0]!.rejected, rejects]).toEqual([0, []])
    const whole = await readBytes(make(Buffer.from([0xe1])), { encoding: 'windows-1253' })
    expect(whole.remarks.join()).not.toContain('decoded')
  })

  it('of UTF-16 are counted where it was not declared', async () => {
    const text = Buffer.from('\ufeffdatetime,message\n2024-01-01T10:00:00Z,\ud800x\n', 'utf16le')
    const { remarks } = await readBytes(text)
    expect(remarks).toEqual([
      expect.stringMatching(/^1 character could not be decoded as utf-16le; it is kept/),
    ])
  })

  it.each<readonly [string, Buffer, number]>([
    ['utf-16le', Buffer.from('\ufffd\udc00\ufffd\ud83d\ude00', 'utf16le'), 1],
    ['utf-16be', Buffer.from('fffdfffdd800', 'hex'), 1],
    ['utf-16le', Buffer.from('00fdff00', 'hex'), 0],
    ['utf-16le', Buffer.from('410041', 'hex'), 1],
    ['gb18030', Buffer.from('8431a437ff', 'hex'), 1],
    ['shift_jis', Buffer.from('83', 'hex'), 1],
    ['windows-1252', Buffer.from(Array.from({ length: 256 }, (_, i) => i)), 0],
  ])('of %s are not those that stand in the text themselves', async (encoding, bytes, count) => {
    expect(await countIn(encoding, [bytes])).toBe(count)
    expect(
      await countIn(
        encoding,
        [...bytes].map((byte) => Buffer.from([byte])),
      ),
    ).toBe(count)
  })

  it('are counted over all of a text, and a pair on the edge of a chunk is none', async () => {
    const half = Buffer.from(`${'a'.repeat(128 * 1024 - 1)}\ud83d`, 'utf16le')
    const rest = Buffer.from('\ude00\ud800b', 'utf16le')
    expect(half.length).toBe(256 * 1024)
    expect(await countIn('utf-16le', [half, rest])).toBe(1)
  })
})

describe('a replacement character of the text itself', () => {
  it.each([0, 1, 2, 3, 4])(
    'is none when %i of its bytes stand before the edge of a chunk',
    async (before) => {
      const own = Buffer.from('8431a437', 'hex')
      const text = Buffer.concat([Buffer.alloc(256 * 1024 - before, 'a'), own, own, Buffer.from('b')])
      for (const encoding of ['gb18030', 'gbk']) {
        expect(await countIn(encoding, [text])).toBe(0)
        expect(await countIn(encoding, [text, Buffer.from('ff', 'hex')])).toBe(1)
        const cut = text.subarray(0, -own.length)
        expect(await countIn(encoding, [cut])).toBe(1)
      }
    },
  )
})

async function countIn(encoding: string, chunks: readonly Buffer[]): Promise<number> {
  const source = new DecodedSource(new ChunkSource(toStream(chunks)), { encoding, markBytes: 0 })
  await fillFrom(source, Buffer.alloc(1024 * 1024))
  return source.undecodedCount
}

async function* toStream(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks
}
