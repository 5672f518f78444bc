import type { Buffer } from 'node:buffer'

/** UTF-16 text from `start` up to its first NUL, or to `end` (exclusive). */
export function readWideText(bytes: Buffer, start: number, end: number): string {
  const last = Math.min(end, bytes.length)
  let stop = start
  while (stop + 1 < last && (bytes[stop] !== 0 || bytes[stop + 1] !== 0)) stop += 2
  return start < 0 || stop <= start ? '' : bytes.toString('utf16le', start, stop)
}

/** Text of one byte a character up to its first NUL, or to `end` (exclusive). Windows-1252, as western systems write it. */
export function readNarrowText(bytes: Buffer, start: number, end: number): string {
  const last = Math.min(end, bytes.length)
  let stop = start
  while (stop < last && bytes[stop] !== 0) stop++
  return start < 0 || stop <= start ? '' : WINDOWS_1252.decode(bytes.subarray(start, stop))
}

const WINDOWS_1252 = new TextDecoder('windows-1252')
