import type { Buffer } from 'node:buffer'
import { FileTimeWriter } from '../time/file-time.ts'

/** High halves from this on are of the year 10000 and later, or no times at all. */
const MAX_HIGH = 0x24c85a5e

/** Reads FILETIMEs as fields of records. One for each reader. */
export class FileTimeFields {
  readonly #writer = new FileTimeWriter()

  /** ISO 8601 with seven digits; undefined for 0 and for what no calendar has. */
  read(bytes: Buffer, at: number): string | undefined {
    return this.write(bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4))
  }

  /** As `read`, from the two halves of 32 bits. */
  write(low: number, high: number): string | undefined {
    if ((low === 0 && high === 0) || high >= MAX_HIGH) return undefined
    return this.#writer.write(low, high)
  }
}
