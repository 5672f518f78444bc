import { Buffer } from 'node:buffer'

/** One entry of a made-up $MFT. */
export interface TestEntry {
  readonly number: number
  /** @default 1 */
  readonly sequence?: number
  /** @default true */
  readonly isUsed?: boolean
  /** @default false */
  readonly isFolder?: boolean
  readonly names: readonly {
    readonly name: string
    readonly parent: number
    /** @default 1 */
    readonly parentSequence?: number
    /** 1 Win32, 2 DOS. @default 1 */
    readonly namespace?: number
    /** FILETIMEs: creation, modification, entry, access. @default those of the entry */
    readonly times?: readonly [bigint, bigint, bigint, bigint]
  }[]
  readonly times: readonly [bigint, bigint, bigint, bigint]
  /** Names of data streams; '' is the unnamed one. */
  readonly streams?: readonly string[]
}

const ENTRY_BYTES = 1024
const SECTOR_BYTES = 512

/** FILETIME of 2026-03-01T10:00:00Z. */
const SAMPLE_TIME = 134_168_328_000_000_000n

/** Entry 0: the table itself. */
const TABLE: TestEntry = {
  number: 0,
  names: [{ name: '$MFT', parent: 5, parentSequence: 5 }],
  times: [SAMPLE_TIME, SAMPLE_TIME, SAMPLE_TIME, SAMPLE_TIME],
}

/** Writes a $MFT with these entries behind its own; numbers between them are empty. For tests. */
export function makeMft(entries: readonly TestEntry[]): Buffer {
  const count = Math.max(0, ...entries.map(({ number }) => number)) + 1
  const table = Buffer.alloc(count * ENTRY_BYTES)
  for (const entry of [TABLE, ...entries]) writeEntry(entry).copy(table, entry.number * ENTRY_BYTES)
  return table
}

function writeEntry(entry: TestEntry): Buffer {
  const { sequence = 1, isUsed = true, isFolder = false, names, times, streams = [''] } = entry
  const information = Buffer.alloc(72)
  writeTimes(information, 0, times)
  information.writeUInt32LE(0x20, 32)
  const attributes = [writeAttribute(0x10, information)]
  for (const { name, parent, parentSequence = 1, namespace = 1, times: own = times } of names) {
    const text = Buffer.from(name, 'utf16le')
    const data = Buffer.alloc(66 + text.length)
    data.writeUIntLE(parent, 0, 6)
    data.writeUInt16LE(parentSequence, 6)
    writeTimes(data, 8, own)
    data.writeUInt32LE(isFolder ? 0x10000000 : 0x20, 56)
    data[64] = name.length
    data[65] = namespace
    text.copy(data, 66)
    attributes.push(writeAttribute(0x30, data))
  }
  if (!isFolder) for (const stream of streams) attributes.push(writeAttribute(0x80, Buffer.from('x'), stream))
  const end = Buffer.alloc(8)
  end.writeUInt32LE(0xffffffff)
  const body = Buffer.concat([...attributes, end])
  const bytes = Buffer.alloc(ENTRY_BYTES)
  bytes.write('FILE', 0, 'latin1')
  bytes.writeUInt16LE(48, 4)
  bytes.writeUInt16LE(3, 6)
  bytes.writeUInt16LE(sequence, 16)
  bytes.writeUInt16LE(1, 18)
  bytes.writeUInt16LE(56, 20)
  bytes.writeUInt16LE((isUsed ? 1 : 0) | (isFolder ? 2 : 0), 22)
  bytes.writeUInt32LE(56 + body.length, 24)
  bytes.writeUInt32LE(ENTRY_BYTES, 28)
  bytes.writeUInt32LE(entry.number, 44)
  body.copy(bytes, 56)
  const mark = 0x2a17
  bytes.writeUInt16LE(mark, 48)
  for (let sector = 1; sector <= 2; sector++) {
    const last = sector * SECTOR_BYTES - 2
    bytes.writeUInt16LE(bytes.readUInt16LE(last), 48 + sector * 2)
    bytes.writeUInt16LE(mark, last)
  }
  return bytes
}

function writeAttribute(type: number, data: Buffer, name = ''): Buffer {
  const nameBytes = Buffer.from(name, 'utf16le')
  const dataAt = Math.ceil((24 + nameBytes.length) / 8) * 8
  const bytes = Buffer.alloc(Math.ceil((dataAt + data.length) / 8) * 8)
  bytes.writeUInt32LE(type)
  bytes.writeUInt32LE(bytes.length, 4)
  bytes[9] = name.length
  bytes.writeUInt16LE(24, 10)
  bytes.writeUInt32LE(data.length, 16)
  bytes.writeUInt16LE(dataAt, 20)
  nameBytes.copy(bytes, 24)
  data.copy(bytes, dataAt)
  return bytes
}

function writeTimes(bytes: Buffer, at: number, times: readonly bigint[]): void {
  times.forEach((time, i) => {
    bytes.writeBigUInt64LE(time, at + i * 8)
  })
}
