import type { Buffer } from 'node:buffer'
import { type HiveHeader, readHiveHeader } from '../hive/hive.ts'

/** Bytes of a log in front of what it logs: the beginning of the hive's base block. */
export const LOG_HEADER_BYTES = 512

/** Types in the base block of a log: of Windows XP to 8, of Windows 2000, and since Windows 8.1. */
const OLD_TYPES: readonly number[] = [1, 2]
const NEW_TYPE = 6

/** Hive bins come in so many bytes. */
export const BIN_BYTES = 4096

/** A transaction log of a hive (Maxim Suhanov, "Windows registry file format specification", format of transaction log files). */
export interface HiveLog {
  /** What its name has behind the hive's: `.LOG1`. */
  readonly name: string
  readonly bytes: Buffer
  readonly header: HiveHeader
  /** It holds entries with hashes, not one dirty vector. */
  readonly isNew: boolean
}

/** Bytes of a log that belong into a hive. */
export interface HivePage {
  /** Where in the hive's file. */
  readonly at: number
  readonly bytes: Buffer
}

/** Something in the logs that is not in the hive. */
export interface HiveLoss {
  readonly reason: 'bad-record' | 'over-limit'
  readonly detail: string
}

/**
 * Looks at a log's base block.
 *
 * @returns Undefined where nothing was ever logged in it; a loss where it cannot be trusted.
 */
export function openHiveLog(name: string, bytes: Buffer): HiveLog | HiveLoss | undefined {
  const header = readHiveHeader(bytes)
  if (!header) {
    const isUnused = bytes.subarray(0, LOG_HEADER_BYTES).every((byte) => byte === 0)
    return isUnused ? undefined : damaged(`${name} is no transaction log, or is cut off in its base block`)
  }
  const { fileType, sequences, isChecksumRight, binsBytes } = header
  const isNew = fileType === NEW_TYPE
  if (!isNew && !OLD_TYPES.includes(fileType))
    return damaged(`${name} is no transaction log: expected the type 1, 2 or 6, found ${fileType}`)
  if (!isChecksumRight) return damaged(`the checksum of the base block of ${name} is wrong`)
  if (sequences[0] !== sequences[1])
    return damaged(`${name} was not written to its end: its sequence numbers are ${sequences.join(' and ')}`)
  if (binsBytes < BIN_BYTES || binsBytes % BIN_BYTES !== 0)
    return damaged(`${name} is of a hive of ${binsBytes} bytes, which none has`)
  return { name, bytes, header, isNew }
}

/** A loss to damage. */
export function damaged(detail: string): HiveLoss {
  return { reason: 'bad-record', detail }
}
