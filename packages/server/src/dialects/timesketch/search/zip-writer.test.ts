import { crc32, inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { makeDirectoryEntry, makeEnd, writeZip } from './zip-writer.ts'

const NOW = new Date(2024, 1, 29, 13, 37, 42)

async function write(files: Readonly<Record<string, readonly string[]>>): Promise<Buffer> {
  const list = Object.entries(files).map(([name, blocks]) => ({
    name,
    async *blocks() {
      for (const block of blocks) yield Buffer.from(block)
    },
  }))
  return Buffer.concat(await Array.fromAsync(writeZip(list, new AbortController().signal, NOW)))
}

/** Reads a ZIP by its directory, as every reader does that can go back. */
function read(zip: Buffer): { name: string; text: string; crc: number; time: number; flags: number }[] {
  const end = zip.length - 22
  expect(zip.readUInt32LE(end)).toBe(0x06054b50)
  let at = zip.readUInt32LE(end + 16)
  expect(at + zip.readUInt32LE(end + 12)).toBe(end)
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    expect(zip.readUInt32LE(at)).toBe(0x02014b50)
    const nameLength = zip.readUInt16LE(at + 28)
    const local = zip.readUInt32LE(at + 42)
    expect(zip.readUInt32LE(local)).toBe(0x04034b50)
    const content = local + 30 + nameLength
    const packed = zip.subarray(content, content + zip.readUInt32LE(at + 20))
    const text = inflateRawSync(packed)
    expect(text.length).toBe(zip.readUInt32LE(at + 24))
    // What follows the content says the same, for readers that cannot go back.
    const descriptor = zip.subarray(content + packed.length, content + packed.length + 16)
    expect(descriptor.subarray(4)).toEqual(zip.subarray(at + 16, at + 28))
    const entry = {
      name: zip.toString('utf8', at + 46, at + 46 + nameLength),
      text: text.toString(),
      crc: zip.readUInt32LE(at + 16),
      time: zip.readUInt32LE(at + 12),
      flags: zip.readUInt16LE(at + 8),
    }
    at += 46 + nameLength
    return entry
  })
}

test('files of any size and name come out as they went in', async () => {
  const long = Array.from({ length: 40 }, (_, at) => `${at}:${'abc'.repeat(20_000)}${Math.sin(at)}`)
  const files = read(await write({ 'empty.csv': [], 'größe/a.csv': ['one', 'two'], 'long.csv': long }))
  expect(files.map(({ name, text }) => [name, text])).toEqual([
    ['empty.csv', ''],
    ['größe/a.csv', 'onetwo'],
    ['long.csv', long.join('')],
  ])
  expect(files.map(({ crc }) => crc)).toEqual([0, crc32('onetwo'), crc32(long.join(''))])
})

test('names are said to be UTF-8, and files have the time of the export', async () => {
  const [file] = read(await write({ ü: ['x'] }))
  expect(file!.flags & 0x0800).toBe(0x0800)
  expect([file!.time >>> 25, (file!.time >>> 21) & 15, (file!.time >>> 16) & 31]).toEqual([44, 2, 29])
  expect([(file!.time >>> 11) & 31, (file!.time >>> 5) & 63, (file!.time & 31) * 2]).toEqual([13, 37, 42])
})

test('no file at all is a ZIP too', async () => {
  expect(read(await write({}))).toEqual([])
})

test('numbers beyond 4 bytes stand in the fields of ZIP64', () => {
  const file = { name: Buffer.from('a'), time: 0, at: 2 ** 33, crc: 1, sizeBytes: 2 ** 34, packedBytes: 5 }
  const entry = makeDirectoryEntry(file)
  expect([entry.readUInt32LE(20), entry.readUInt32LE(24), entry.readUInt32LE(42)]).toEqual([
    0xffffffff, 0xffffffff, 0xffffffff,
  ])
  const extra = entry.subarray(47)
  expect([extra.readUInt16LE(0), extra.readUInt16LE(2)]).toEqual([1, 24])
  expect([4, 12, 20].map((at) => Number(extra.readBigUInt64LE(at)))).toEqual([2 ** 34, 5, 2 ** 33])
  const end = makeEnd(70_000, 2 ** 35, 100)
  expect(end.readUInt32LE(0)).toBe(0x06064b50)
  expect([24, 32, 40, 48].map((at) => Number(end.readBigUInt64LE(at)))).toEqual([
    70_000,
    70_000,
    100,
    2 ** 35,
  ])
  // Where the end of ZIP64 stands, for who comes from behind.
  expect([end.readUInt32LE(56), Number(end.readBigUInt64LE(64))]).toEqual([0x07064b50, 2 ** 35 + 100])
  expect([end.readUInt32LE(76), end.readUInt16LE(86), end.readUInt32LE(92)]).toEqual([
    0x06054b50, 0xffff, 0xffffffff,
  ])
})

test('a signal ends the making while a block is waited for', async () => {
  const abort = new AbortController()
  const waiting = Promise.withResolvers<void>()
  async function* blocks(): AsyncGenerator<Buffer> {
    waiting.resolve()
    await new Promise(() => {})
    yield Buffer.of(1)
  }
  const zip = writeZip([{ name: 'a', blocks }], abort.signal)
  await zip.next()
  const next = zip.next()
  await waiting.promise
  abort.abort()
  await expect(next).rejects.toMatchObject({ name: 'AbortError' })
})
