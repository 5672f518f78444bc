import type { Buffer } from 'node:buffer'
import { FileTimeFields } from '../artefacts/file-time-field.ts'
import { readWideText } from '../artefacts/wide-text.ts'
import { MAX_MAPPED_FILES, MAX_VOLUMES } from './limits.ts'

/*
 * A prefetch file (libscca, "Windows Prefetch File (PF) format"): version at 0, "SCCA" at 4, file size at 12, name of the program at 16
 * (60 bytes), hash at 76; from 84 on places and numbers: of metrics at 84 and 88, of names at 100 and 104, of volumes at 108, 112 and
 * 116. Where the times and the count of runs stand depends on the version.
 */
export const SCCA_HEADER_BYTES = 84

interface Version {
  readonly timeAt: number
  readonly timeCount: number
  readonly countAt: number
  readonly metricBytes: number
  readonly volumeBytes: number
}

/** Windows XP and 2003; Vista and 7; 8; 10 and 11. */
const VERSIONS: ReadonlyMap<number, Version> = new Map([
  [17, { timeAt: 120, timeCount: 1, countAt: 144, metricBytes: 20, volumeBytes: 40 }],
  [23, { timeAt: 128, timeCount: 1, countAt: 152, metricBytes: 32, volumeBytes: 104 }],
  [26, { timeAt: 128, timeCount: 8, countAt: 208, metricBytes: 32, volumeBytes: 104 }],
  [30, { timeAt: 128, timeCount: 8, countAt: 208, metricBytes: 32, volumeBytes: 96 }],
  [31, { timeAt: 128, timeCount: 8, countAt: 208, metricBytes: 32, volumeBytes: 96 }],
])
/** Later versions 30 and all 31 have a shorter table in front, told by where the metrics begin. */
const SHORT_TABLE_END = 296
const SHORT_COUNT_AT = 200

/** A volume that the program's files were on. */
export interface PrefetchVolume {
  readonly devicePath: string
  readonly createdAt: string | undefined
  readonly serialNumber: number
}

/** What a prefetch file says. */
export interface PrefetchFacts {
  readonly version: number
  readonly executable: string
  readonly hash: number
  readonly runCount: number
  /** The latest first. */
  readonly runTimes: readonly string[]
  readonly mappedFiles: readonly string[]
  readonly volumes: readonly PrefetchVolume[]
  /** Sentences about what could not be read. */
  readonly problems: readonly string[]
}

/** Reads a prefetch file, unpacked; a text says why it is none that can be read. */
export function readScca(bytes: Buffer): PrefetchFacts | string {
  if (bytes.length < 156 || bytes.toString('latin1', 4, 8) !== 'SCCA')
    return `expected a prefetch file of 156 bytes at least, found ${bytes.length}`
  const number = bytes.readUInt32LE(0)
  const version = VERSIONS.get(number)
  if (!version) return `expected the version ${[...VERSIONS.keys()].join(', ')}, found ${number}`
  const isShort = number >= 30 && bytes.readUInt32LE(84) === SHORT_TABLE_END
  const countAt = isShort ? SHORT_COUNT_AT : version.countAt
  if (bytes.length < countAt + 4) return `expected the count of runs at ${countAt}, found the end of the file`
  const times = new FileTimeFields()
  const problems: string[] = []
  const runTimes: string[] = []
  for (let i = 0; i < version.timeCount; i++) {
    const time = times.read(bytes, version.timeAt + i * 8)
    if (time !== undefined) runTimes.push(time)
  }
  return {
    version: number,
    executable: readWideText(bytes, 16, 76),
    hash: bytes.readUInt32LE(76),
    runCount: bytes.readUInt32LE(countAt),
    runTimes,
    mappedFiles: readMappedFiles(bytes, version, problems),
    volumes: readVolumes(bytes, version, times, problems),
    problems,
  }
}

/** Names of the files by the metrics that point to them, with their entries in the $MFT where the version has them. */
function readMappedFiles(bytes: Buffer, { metricBytes }: Version, problems: string[]): readonly string[] {
  const start = bytes.readUInt32LE(84)
  const count = Math.min(bytes.readUInt32LE(88), MAX_MAPPED_FILES)
  const namesAt = bytes.readUInt32LE(100)
  const namesEnd = namesAt + bytes.readUInt32LE(104)
  const names: string[] = []
  const placeAt = metricBytes === 20 ? 8 : 12
  for (let i = 0; i < count; i++) {
    const at = start + i * metricBytes
    if (at + metricBytes > bytes.length) {
      problems.push(`expected ${count} loaded files, found the end of the file after ${i}`)
      break
    }
    const nameAt = namesAt + bytes.readUInt32LE(at + placeAt)
    const nameEnd = nameAt + bytes.readUInt32LE(at + placeAt + 4) * 2
    if (nameEnd > Math.min(namesEnd, bytes.length)) {
      problems.push(`the name of loaded file ${i} lies outside of the names`)
      break
    }
    const name = readWideText(bytes, nameAt, nameEnd)
    const reference = metricBytes === 20 ? 0 : bytes.readUIntLE(at + 24, 6)
    names.push(reference === 0 ? name : `${name} [${reference}-${bytes.readUInt16LE(at + 30)}]`)
  }
  return names
}

function readVolumes(
  bytes: Buffer,
  { volumeBytes }: Version,
  times: FileTimeFields,
  problems: string[],
): readonly PrefetchVolume[] {
  const start = bytes.readUInt32LE(108)
  const count = Math.min(bytes.readUInt32LE(112), MAX_VOLUMES)
  const volumes: PrefetchVolume[] = []
  for (let i = 0; i < count; i++) {
    const at = start + i * volumeBytes
    if (at + volumeBytes > bytes.length) {
      problems.push(`expected ${count} volumes, found the end of the file after ${i}`)
      break
    }
    const pathAt = start + bytes.readUInt32LE(at)
    volumes.push({
      devicePath: readWideText(bytes, pathAt, pathAt + bytes.readUInt32LE(at + 4) * 2),
      createdAt: times.read(bytes, at + 8),
      serialNumber: bytes.readUInt32LE(at + 16),
    })
  }
  return volumes
}
