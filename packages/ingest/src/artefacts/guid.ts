import type { Buffer } from 'node:buffer'

/** A GUID in its usual form, lower case, without braces; the first three parts are little-endian. */
export function readGuid(bytes: Buffer, at: number): string {
  const part = (start: number, end: number): string => bytes.toString('hex', at + start, at + end)
  const first = bytes.readUInt32LE(at).toString(16).padStart(8, '0')
  const second = bytes
    .readUInt16LE(at + 4)
    .toString(16)
    .padStart(4, '0')
  const third = bytes
    .readUInt16LE(at + 6)
    .toString(16)
    .padStart(4, '0')
  return `${first}-${second}-${third}-${part(8, 10)}-${part(10, 16)}`
}
