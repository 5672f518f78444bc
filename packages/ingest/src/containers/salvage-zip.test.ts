import { Buffer } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MAX_ARCHIVE_ENTRIES, UnpackingMeter } from './archive-limits.ts'
import { readUpTo } from './byte-source.ts'
import { readZipEntries } from './zip-entries.ts'
import { makeZip } from './zip-fixture.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'timeskein-zips-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

const FILES = ['one', 'two', 'three', 'four'].map((name) => ({
  name,
  content: Buffer.from(`content of ${name}`),
}))
const DIRECTORY = 'PK\x01\x02'
const HEADER = 'PK\x03\x04'
const END = 'PK\x05\x06'

/**
 * Names with contents, or with why they are not read.
 *
 * @param maxEntries - How many more the meter takes.
 */
async function unpack(
  bytes: Buffer,
  maxEntries: number = MAX_ARCHIVE_ENTRIES,
): Promise<Readonly<Record<string, string>>> {
  const path = join(folder, 'a.zip')
  await writeFile(path, bytes)
  await using file = await open(path, 'r')
  const found: Record<string, string> = {}
  const meter = new UnpackingMeter('a.zip')
  meter.addPacked(bytes.length)
  meter.addEntries(MAX_ARCHIVE_ENTRIES - maxEntries)
  for await (const entry of readZipEntries(file, 'a.zip', meter)) {
    expect(found).not.toHaveProperty([entry.name])
    found[entry.name] = entry.kind === 'file' ? (await readUpTo(entry.source, 100)).toString() : entry.reason
  }
  return found
}

/** Where the nth of these bytes stands, from 0. */
function find(bytes: Buffer, what: string, place: number): number {
  let at = bytes.indexOf(what, 0, 'latin1')
  for (let i = 0; i < place; i++) at = bytes.indexOf(what, at + 1, 'latin1')
  return at
}

function cutDirectory(zip: Buffer): Buffer {
  return zip.subarray(0, find(zip, DIRECTORY, 0))
}

const REST = '(rest of the archive)'

describe('a zip archive', () => {
  it('with a damaged entry in its directory is read by its headers from there on, each entry once', async () => {
    const zip = makeZip(FILES)
    zip.write('XX', find(zip, DIRECTORY, 1))
    expect(await unpack(zip)).toEqual({
      one: 'content of one',
      two: 'content of two',
      three: 'content of three',
      four: 'content of four',
      [REST]: expect.stringContaining('its directory is damaged: invalid central directory file header'),
    })
  })

  it('with a damaged directory counts an entry that stands in it once', async () => {
    const zip = makeZip(FILES)
    zip.write('XX', find(zip, DIRECTORY, 1))
    expect(Object.keys(await unpack(zip, FILES.length))).toHaveLength(FILES.length + 1)
    await expect(unpack(zip, FILES.length - 1)).rejects.toThrow('MAX_ARCHIVE_ENTRIES')
    const fewer = Buffer.from(zip)
    fewer.writeUInt16LE(2, find(zip, END, 0) + 8)
    fewer.writeUInt16LE(2, find(zip, END, 0) + 10)
    await expect(unpack(fewer, FILES.length - 1)).rejects.toThrow('MAX_ARCHIVE_ENTRIES')
    expect(Object.keys(await unpack(fewer, FILES.length))).toHaveLength(FILES.length + 1)
  })

  it('with an entry of strong encryption has all others', async () => {
    const zip = makeZip(FILES.map((file) => ({ ...file, isEncrypted: file.name === 'one' })))
    const at = find(zip, DIRECTORY, 0)
    zip.writeUInt16LE(zip.readUInt16LE(at + 8) | 0x40, at + 8)
    expect(await unpack(zip)).toEqual({
      one: 'it is encrypted',
      two: 'content of two',
      three: 'content of three',
      four: 'content of four',
      [REST]: expect.stringContaining('strong encryption'),
    })
  })

  it('that is cut off has what stands behind a damaged header', async () => {
    const zip = makeZip(FILES)
    zip.write('XX', find(zip, HEADER, 1))
    expect(await unpack(zip.subarray(0, find(zip, DIRECTORY, 0)))).toEqual({
      one: 'content of one',
      three: 'content of three',
      four: 'content of four',
      [REST]: expect.stringContaining('cut off or damaged'),
    })
  })

  it('that is cut off has what stands behind a bomb whose size stands behind it', async () => {
    const bomb = cutDirectory(makeZip([{ name: 'bomb', content: Buffer.alloc(80 * 1024 * 1024) }]))
    bomb.writeUInt16LE(bomb.readUInt16LE(6) | 8, 6)
    bomb.writeUInt32LE(0, 18)
    const ballast = makeZip([{ name: 'ballast', content: randomBytes(400_000), method: 0 }])
    const found = await unpack(
      Buffer.concat([cutDirectory(ballast), bomb, cutDirectory(makeZip(FILES.slice(0, 2)))]),
    )
    expect(Object.keys(found)).toEqual(['ballast', 'bomb', 'one', 'two', REST])
    expect([found['one'], found['two']]).toEqual(['content of one', 'content of two'])
  })

  it('with sizes in its directory that no file has comes to an end', async () => {
    const zip = makeZip(FILES)
    const at = find(zip, DIRECTORY, 0)
    zip.writeUInt32LE(0xfffffff0, at + 20)
    zip.write('XX', find(zip, DIRECTORY, 1))
    expect(Object.keys(await unpack(zip))).toEqual(['one', REST])
  })
})
