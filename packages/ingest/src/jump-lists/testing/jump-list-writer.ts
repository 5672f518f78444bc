import { Buffer } from 'node:buffer'

/** One entry of a made-up jump list, with its shortcut. */
export interface TestEntry {
  readonly path: string
  /** FILETIME of its last use. */
  readonly used: bigint
  readonly host: string
  readonly lnk: Buffer
}

const SECTOR = 512
const SMALL_SECTOR = 64
const END = 0xfffffffe
const FREE = 0xffffffff

/** Writes an automatic jump list of this version (1, 3 or 4): an OLE compound file. For tests. */
export function makeAutomatic(entries: readonly TestEntry[], version = 4): Buffer {
  const streams = [
    { name: 'DestList', content: makeDestList(entries, version) },
    ...entries.map(({ lnk }, i) => ({ name: (i + 1).toString(16), content: lnk })),
  ]
  return makeCompound(streams)
}

/** Writes a compound file of sectors of 64 KiB, in which these many name one sector as that of the table, each as often as it can. For tests. */
export function makeKnottedCompound(listSectors: number): Buffer {
  const sector = 65_536
  const bytes = Buffer.alloc((listSectors + 3) * sector)
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(bytes)
  bytes.writeUInt16LE(16, 30)
  bytes.writeUInt16LE(6, 32)
  bytes.writeUInt32LE(FREE, 44)
  bytes.writeUInt32LE(1, 48)
  bytes.writeUInt32LE(4096, 56)
  bytes.writeUInt32LE(END, 60)
  bytes.writeUInt32LE(2, 68)
  bytes.write('DestList', 2 * sector, 'utf16le')
  for (let i = 0; i < listSectors; i++) {
    const end = (4 + i) * sector
    bytes.writeUInt32LE(i === listSectors - 1 ? END : 3 + i, end - 4)
  }
  return bytes
}

/** Writes a list that a program keeps. */
export function makeCustom(shortcuts: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(12)
  header.writeUInt32LE(2)
  header.writeUInt32LE(1, 4)
  const category = Buffer.alloc(8)
  category.writeUInt32LE(2)
  category.writeUInt32LE(shortcuts.length, 4)
  const classId = Buffer.from('0114020000000000c000000000000046', 'hex')
  return Buffer.concat([
    header,
    category,
    ...shortcuts.flatMap((lnk) => [classId, lnk]),
    Buffer.from('abfbbfba', 'hex'),
  ])
}

function makeDestList(entries: readonly TestEntry[], version: number): Buffer {
  const header = Buffer.alloc(32)
  header.writeUInt32LE(version)
  header.writeUInt32LE(entries.length, 4)
  const pathAt = version === 1 ? 112 : 128
  const parts = entries.map(({ path, used, host }, i) => {
    const text = Buffer.from(path, 'utf16le')
    const entry = Buffer.alloc(pathAt + 2 + text.length + (version === 1 ? 0 : 4))
    entry.write(host, 72, 16)
    entry.writeUInt32LE(i + 1, 88)
    entry.writeBigUInt64LE(used, 100)
    entry.writeInt32LE(-1, 108)
    entry.writeUInt16LE(path.length, pathAt)
    text.copy(entry, pathAt + 2)
    return entry
  })
  return Buffer.concat([header, ...parts])
}

/** All streams stand in small sectors; sectors are those of the table, the directory, the small table and the small stream. */
function makeCompound(streams: readonly { name: string; content: Buffer }[]): Buffer {
  const smallTable: number[] = []
  const places: number[] = []
  const contents: Buffer[] = []
  for (const { content } of streams) {
    const count = Math.ceil(content.length / SMALL_SECTOR)
    places.push(smallTable.length)
    for (let i = 1; i < count; i++) smallTable.push(smallTable.length + 1)
    smallTable.push(END)
    contents.push(content, Buffer.alloc(count * SMALL_SECTOR - content.length))
  }
  const small = pad(Buffer.concat(contents))
  const directory = pad(
    Buffer.concat([
      makeEntry('Root Entry', 5, 0, small.length),
      ...streams.map(({ name, content }, i) => makeEntry(name, 2, places[i]!, content.length)),
    ]),
  )
  const smallTableBytes = pad(toWords(smallTable))
  const chains = [directory, smallTableBytes, small].map((part) => part.length / SECTOR)
  const table: number[] = [0xfffffffd]
  const starts = chains.map((count) => {
    const start = table.length
    for (let i = 1; i < count; i++) table.push(table.length + 1)
    table.push(END)
    return start
  })
  directory.writeUInt32LE(starts[2]!, 116)
  // The tree of names is a chain: the root's child, and from each the one on its right.
  directory.writeUInt32LE(1, 76)
  for (let i = 1; i < streams.length; i++) directory.writeUInt32LE(i + 1, i * 128 + 72)
  const header = Buffer.alloc(SECTOR)
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header)
  header.writeUInt16LE(0x3e, 24)
  header.writeUInt16LE(3, 26)
  header.writeUInt16LE(0xfffe, 28)
  header.writeUInt16LE(9, 30)
  header.writeUInt16LE(6, 32)
  header.writeUInt32LE(1, 44)
  header.writeUInt32LE(starts[0]!, 48)
  header.writeUInt32LE(4096, 56)
  header.writeUInt32LE(starts[1]!, 60)
  header.writeUInt32LE(chains[1]!, 64)
  header.writeUInt32LE(END, 68)
  header.fill(0xff, 76)
  header.writeUInt32LE(0, 76)
  const tableBytes = Buffer.alloc(SECTOR, 0xff)
  toWords(table).copy(tableBytes)
  return Buffer.concat([header, tableBytes, directory, smallTableBytes, small])
}

function makeEntry(name: string, type: number, sector: number, sizeBytes: number): Buffer {
  const entry = Buffer.alloc(128)
  entry.write(name, 0, 62, 'utf16le')
  entry.writeUInt16LE((name.length + 1) * 2, 64)
  entry[66] = type
  entry[67] = 1
  for (const at of [68, 72, 76]) entry.writeUInt32LE(FREE, at)
  entry.writeUInt32LE(sector, 116)
  entry.writeUInt32LE(sizeBytes, 120)
  return entry
}

function toWords(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, i) => {
    bytes.writeUInt32LE(value, i * 4)
  })
  return bytes
}

function pad(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & (SECTOR - 1))])
}
