import { createHash } from 'node:crypto'

/** SHA-256 of what follows it. */
const CHECKSUM_BYTES = 32

/** Bytes behind their checksum, to be kept where they may be damaged. */
export function addChecksum(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([checksum(bytes), bytes])
}

/** What `addChecksum` was given; undefined when these are not, or no longer, bytes that it made. */
export function takeChecked(bytes: Uint8Array): Uint8Array | undefined {
  const data = bytes.subarray(CHECKSUM_BYTES)
  return checksum(data).equals(bytes.subarray(0, CHECKSUM_BYTES)) ? data : undefined
}

function checksum(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
