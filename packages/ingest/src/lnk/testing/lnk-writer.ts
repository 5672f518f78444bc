import { Buffer } from 'node:buffer'

/** A made-up shortcut. */
export interface TestLnk {
  readonly path: string
  readonly arguments?: string
  /** FILETIMEs: creation, access, modification. @default 2026-03-01T10:00:00Z all three */
  readonly times?: readonly [bigint, bigint, bigint]
  /** Name of the computer that it was made on. */
  readonly machine?: string
}

const SAMPLE_TIME = 134_168_328_000_000_000n

/** Writes a shortcut to a file on drive C. For tests. */
export function makeLnk({ path, arguments: words = '', times, machine = 'ws-fin-07' }: TestLnk): Buffer {
  const header = Buffer.alloc(76)
  header.writeUInt32LE(76)
  Buffer.from('0114020000000000c000000000000046', 'hex').copy(header, 4)
  header.writeUInt32LE(0x1 | 0x2 | 0x80 | (words === '' ? 0 : 0x20), 20)
  header.writeUInt32LE(0x20, 24)
  ;(times ?? [SAMPLE_TIME, SAMPLE_TIME, SAMPLE_TIME]).forEach((time, i) => {
    header.writeBigUInt64LE(time, 28 + i * 8)
  })
  header.writeUInt32LE(4711, 52)
  return Buffer.concat([
    header,
    makeItems(path),
    makeLinkInfo(path),
    makeText(words),
    makeTracker(machine),
    Buffer.alloc(4),
  ])
}

function makeItems(path: string): Buffer {
  const [drive = 'C:', ...names] = path.split('\\')
  const root = Buffer.from('14001f50e04fd020ea3a6910a2d808002b30309d', 'hex')
  const volume = Buffer.alloc(25)
  volume.writeUInt16LE(25)
  volume[2] = 0x2f
  volume.write(`${drive}\\`, 3)
  const items = [root, volume, ...names.map(makeFileItem)]
  const list = Buffer.concat([...items, Buffer.alloc(2)])
  const size = Buffer.alloc(2)
  size.writeUInt16LE(list.length)
  return Buffer.concat([size, list])
}

/** A file item with a short name and an extension of version 9 with the long one. */
function makeFileItem(name: string): Buffer {
  const short = Buffer.from(`${name.slice(0, 8).toUpperCase()}\0`.padEnd(10, '\0'), 'latin1')
  const long = Buffer.from(`${name}\0`, 'utf16le')
  const extension = Buffer.alloc(46 + long.length + 2)
  extension.writeUInt16LE(extension.length)
  extension.writeUInt16LE(9, 2)
  extension.writeUInt32LE(0xbeef0004, 4)
  long.copy(extension, 46)
  const head = Buffer.alloc(14)
  head[2] = 0x32
  head.writeUInt16LE(14 + short.length + extension.length)
  return Buffer.concat([head, short, extension])
}

function makeLinkInfo(path: string): Buffer {
  const volume = Buffer.alloc(24)
  volume.writeUInt32LE(24)
  volume.writeUInt32LE(3, 4)
  volume.writeUInt32LE(0x1234abcd, 8)
  volume.writeUInt32LE(16, 12)
  volume.write('System', 16)
  const base = Buffer.from(`${path}\0`, 'latin1')
  const info = Buffer.alloc(28)
  info.writeUInt32LE(28 + volume.length + base.length + 1)
  info.writeUInt32LE(28, 4)
  info.writeUInt32LE(1, 8)
  info.writeUInt32LE(28, 12)
  info.writeUInt32LE(28 + volume.length, 16)
  info.writeUInt32LE(28 + volume.length + base.length, 24)
  return Buffer.concat([info, volume, base, Buffer.alloc(1)])
}

function makeText(text: string): Buffer {
  if (text === '') return Buffer.alloc(0)
  const size = Buffer.alloc(2)
  size.writeUInt16LE(text.length)
  return Buffer.concat([size, Buffer.from(text, 'utf16le')])
}

function makeTracker(machine: string): Buffer {
  const block = Buffer.alloc(96)
  block.writeUInt32LE(96)
  block.writeUInt32LE(0xa0000003, 4)
  block.writeUInt32LE(88, 8)
  block.write(machine, 16, 16)
  block.fill(0x11, 32, 96)
  return block
}
