import { Buffer } from 'node:buffer'
import { packHuffman } from './pack-huffman.ts'

/** A made-up prefetch file. */
export interface TestPrefetch {
  readonly version: 17 | 23 | 26 | 30 | 31
  readonly executable: string
  readonly runCount: number
  /** FILETIMEs, the latest first. */
  readonly runTimes: readonly bigint[]
  readonly files: readonly string[]
  readonly volume: { readonly path: string; readonly created: bigint; readonly serial: number }
}

const TABLE_ENDS = { 17: 152, 23: 240, 26: 304, 30: 304, 31: 296 } as const
const VOLUME_BYTES = { 17: 40, 23: 104, 26: 104, 30: 96, 31: 96 } as const
const COUNT_AT = { 17: 144, 23: 152, 26: 208, 30: 208, 31: 200 } as const

/** Writes a prefetch file, unpacked. For tests. */
export function makePrefetch({
  version,
  executable,
  runCount,
  runTimes,
  files,
  volume,
}: TestPrefetch): Buffer {
  const metricBytes = version === 17 ? 20 : 32
  const start = TABLE_ENDS[version]
  const namesAt = start + files.length * metricBytes
  const names = Buffer.from(files.map((file) => `${file}\0`).join(''), 'utf16le')
  const volumesAt = namesAt + names.length
  const path = Buffer.from(`${volume.path}\0`, 'utf16le')
  const bytes = Buffer.alloc(volumesAt + VOLUME_BYTES[version] + path.length)
  bytes.writeUInt32LE(version)
  bytes.write('SCCA', 4)
  bytes.writeUInt32LE(bytes.length, 12)
  bytes.write(executable, 16, 58, 'utf16le')
  bytes.writeUInt32LE(0xdeadbeef, 76)
  for (const [at, value] of [
    [84, start],
    [88, files.length],
    [100, namesAt],
    [104, names.length],
    [108, volumesAt],
    [112, 1],
    [116, VOLUME_BYTES[version] + path.length],
    [COUNT_AT[version], runCount],
  ] as const)
    bytes.writeUInt32LE(value, at)
  runTimes.forEach((time, i) => {
    bytes.writeBigUInt64LE(time, (version === 17 ? 120 : 128) + i * 8)
  })
  let nameAt = 0
  files.forEach((file, i) => {
    const at = start + i * metricBytes + (version === 17 ? 8 : 12)
    bytes.writeUInt32LE(nameAt, at)
    bytes.writeUInt32LE(file.length, at + 4)
    if (version !== 17) {
      bytes.writeUIntLE(1000 + i, start + i * metricBytes + 24, 6)
      bytes.writeUInt16LE(2, start + i * metricBytes + 30)
    }
    nameAt += (file.length + 1) * 2
  })
  names.copy(bytes, namesAt)
  bytes.writeUInt32LE(VOLUME_BYTES[version], volumesAt)
  bytes.writeUInt32LE(volume.path.length, volumesAt + 4)
  bytes.writeBigUInt64LE(volume.created, volumesAt + 8)
  bytes.writeUInt32LE(volume.serial, volumesAt + 16)
  path.copy(bytes, volumesAt + VOLUME_BYTES[version])
  return bytes
}

/** The same as Windows 10 and later store it. */
export function packPrefetch(bytes: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.write('MAM\x04', 0, 'latin1')
  header.writeUInt32LE(bytes.length, 4)
  return Buffer.concat([header, packHuffman(bytes)])
}
