import { Buffer } from 'node:buffer'
import { BASE_BLOCK_BYTES, type HiveHeader, sumBaseBlock } from '../hive/hive.ts'
import { readDirtyPages } from './dirty-vector.ts'
import {
  BIN_BYTES,
  damaged,
  type HiveLog,
  type HiveLoss,
  type HivePage,
  LOG_HEADER_BYTES,
} from './hive-log.ts'
import { type LoggedChanges, readLogEntries } from './log-entries.ts'

/** A hive with what its logs have of it. */
export interface RecoveredHive {
  /** The hive as Windows would load it; the bytes that were given where nothing could be taken in. */
  readonly bytes: Buffer<ArrayBuffer>
  /** Names of the logs that were taken in. */
  readonly taken: readonly string[]
  readonly pageCount: number
  readonly losses: readonly HiveLoss[]
}

/** What is to be written into a hive. */
interface Changes {
  readonly logs: readonly HiveLog[]
  readonly pages: readonly HivePage[]
  readonly binsBytes: number
  readonly sequence: number
  readonly losses: readonly HiveLoss[]
}

/** Nothing is to be written. */
interface NoChanges {
  readonly pages?: undefined
  readonly losses: readonly HiveLoss[]
}

/** Whether changes of a hive may stand in its logs only (Maxim Suhanov, "Windows registry file format specification", dirty state). */
export function isDirty({ sequences, isChecksumRight }: HiveHeader): boolean {
  return !isChecksumRight || sequences[0] !== sequences[1]
}

/**
 * Writes what transaction logs have of a dirty hive into it, as Windows does when it loads one: of the new format both logs, the one
 * that begins earlier first; of the old one the log that was written last.
 *
 * @param logs - In the order of their names; those of the new format count before others.
 */
export function recoverHive(
  bytes: Buffer<ArrayBuffer>,
  header: HiveHeader,
  logs: readonly HiveLog[],
): RecoveredHive {
  const newLogs = logs.filter(({ isNew }) => isNew)
  const found = newLogs.length > 0 ? chainEntries(header, newLogs) : pickOldLog(bytes, header, logs)
  if (found.pages === undefined) return { bytes, taken: [], pageCount: 0, losses: found.losses }
  const { pages, losses } = dropBeyond(bytes, found)
  if (pages.length === 0) return { bytes, taken: [], pageCount: 0, losses }
  const recovered = writeChanges(bytes, { ...found, pages })
  if (hasWholeBins(bytes, header.binsBytes) && !hasWholeBins(recovered, found.binsBytes)) {
    const detail = `${nameLogs(found.logs)} cannot be of this hive: with what is logged the hive's bins do not go on from one another`
    return { bytes, taken: [], pageCount: 0, losses: [...losses, damaged(detail)] }
  }
  return { bytes: recovered, taken: found.logs.map(({ name }) => name), pageCount: pages.length, losses }
}

/**
 * Leaves out pages for places that the hive cannot have. Bins that it gets are logged whole, so that it has at most its own bytes and
 * those of all pages: a small log that names a far place would cost as much memory as the place is far.
 */
function dropBeyond(bytes: Buffer, { logs, pages, losses }: Changes): Pick<Changes, 'pages' | 'losses'> {
  const loggedBytes = pages.reduce((sum, page) => sum + page.bytes.length, 0)
  const maxBytes = Math.max(bytes.length, BASE_BLOCK_BYTES) + loggedBytes
  const held = pages.filter((page) => page.at + page.bytes.length <= maxBytes)
  if (held.length === pages.length) return { pages, losses }
  const far = pages.find((page) => page.at + page.bytes.length > maxBytes)!
  const detail = `${pages.length - held.length} of the ${pages.length} pages in ${nameLogs(logs)} cannot be of this hive: it has ${bytes.length} bytes, ${loggedBytes} are logged, and one page is for the place ${far.at}`
  return { pages: held, losses: [...losses, damaged(detail)] }
}

/** Changes of logs of the new format, or why there are none. */
function chainEntries(header: HiveHeader, logs: readonly HiveLog[]): Changes | NoChanges {
  const ordered = logs.toSorted((a, b) => compareSequences(a.header.sequences[0], b.header.sequences[0]))
  const [, written] = header.sequences
  // Of a base block that cannot be trusted no number can be either: Windows takes the latest log then.
  const from = header.isChecksumRight ? written : (ordered.at(-1)?.header.sequences[0] ?? written)
  const fitting = ordered.filter((log) => compareSequences(log.header.sequences[0], from) >= 0)
  if (fitting.length === 0) {
    const found = ordered.map((log) => `${log.header.sequences[0]} in ${log.name}`).join(', ')
    const detail = `the logs do not belong to this state of the hive: expected entries from number ${written} on, found them from ${found}`
    return { losses: [damaged(detail)] }
  }
  const taken: HiveLog[] = []
  const pages: HivePage[] = []
  let losses: readonly HiveLoss[] = []
  let last: LoggedChanges['last']
  let next = fitting[0]!.header.sequences[0]
  for (const [i, log] of fitting.entries()) {
    const changes = readLogEntries(log)
    // Both logs may begin with the same number: what only one of them has counts, also where the other one is empty.
    if (compareSequences(changes.reach, next) < 0) continue
    const [first] = log.header.sequences
    if (compareSequences(first, next) > 0) {
      const detail = `${log.name} does not go on where ${fitting[i - 1]!.name} ends: expected the entry ${next}, found ${first}`
      losses = [...losses, damaged(detail)]
      break
    }
    // Where this log goes on, the one before has lost nothing.
    losses = changes.loss ? [changes.loss] : []
    if (!changes.last || compareSequences(changes.last.sequence, next) < 0) continue
    for (const page of changes.pages) pages.push(page)
    taken.push(log)
    last = changes.last
    next = (last.sequence + 1) >>> 0
  }
  if (last) return { logs: taken, pages, losses, ...last }
  return { losses: losses.length > 0 ? losses : fitting.map(describeEmpty) }
}

function describeEmpty({ name, header }: HiveLog): HiveLoss {
  return damaged(`${name} has no entry of its first number, ${header.sequences[0]}`)
}

/** Which of two numbers comes first, where they begin again behind 2^32. */
function compareSequences(a: number, b: number): number {
  return (a - b) | 0
}

/** Changes of a log of the old format, or why there are none. */
function pickOldLog(bytes: Buffer, header: HiveHeader, logs: readonly HiveLog[]): Changes | NoChanges {
  const written = header.isChecksumRight ? toTicks(header) : readBinTime(bytes)
  const [newest] = logs.toSorted((a, b) => Number(toTicks(b.header) - toTicks(a.header)))
  if (!newest) return { losses: [] }
  if (toTicks(newest.header) < written) {
    const detail = `${newest.name} does not belong to this state of the hive: it was written before it`
    return { losses: [damaged(detail)] }
  }
  const pages = readDirtyPages(newest)
  if ('reason' in pages) return { losses: [pages] }
  const { binsBytes, sequences } = newest.header
  return { logs: [newest], pages, binsBytes, sequence: sequences[0], losses: [] }
}

function toTicks({ writtenHigh, writtenLow }: HiveHeader): bigint {
  return (BigInt(writtenHigh) << 32n) | BigInt(writtenLow)
}

/** The time in the first hive bin, which stands for that of a base block that cannot be trusted. */
function readBinTime(bytes: Buffer): bigint {
  const at = BASE_BLOCK_BYTES + 20
  return bytes.length < at + 8 ? 0n : bytes.readBigUInt64LE(at)
}

/** The hive with the pages in it, and with the logs' base block. */
function writeChanges(bytes: Buffer, { logs, pages, binsBytes, sequence }: Changes): Buffer<ArrayBuffer> {
  let sizeBytes = Math.max(bytes.length, LOG_HEADER_BYTES)
  for (const page of pages) sizeBytes = Math.max(sizeBytes, page.at + page.bytes.length)
  const recovered = Buffer.from(new ArrayBuffer(sizeBytes))
  bytes.copy(recovered)
  for (const page of pages) page.bytes.copy(recovered, page.at)
  logs.at(-1)!.bytes.copy(recovered, 0, 0, LOG_HEADER_BYTES)
  recovered.writeUInt32LE(sequence, 4)
  recovered.writeUInt32LE(sequence, 8)
  recovered.writeUInt32LE(0, 28)
  recovered.writeUInt32LE(binsBytes, 40)
  recovered.writeUInt32LE(sumBaseBlock(recovered), 508)
  return recovered
}

/** Whether bins ("hbin", place at 4, size at 8) follow one another up to the end. */
function hasWholeBins(bytes: Buffer, binsBytes: number): boolean {
  let place = 0
  while (place < binsBytes) {
    const at = BASE_BLOCK_BYTES + place
    if (at + 12 > bytes.length || bytes.toString('latin1', at, at + 4) !== 'hbin') return false
    const sizeBytes = bytes.readUInt32LE(at + 8)
    if (bytes.readUInt32LE(at + 4) !== place || sizeBytes < BIN_BYTES || sizeBytes % BIN_BYTES !== 0)
      return false
    place += sizeBytes
  }
  return place === binsBytes
}

function nameLogs(logs: readonly HiveLog[]): string {
  return logs.map(({ name }) => name).join(' and ')
}
