import { Buffer } from 'node:buffer'
import { VALUE } from '../binxml/value-types.ts'
import type { FragmentSpec } from './evtx-writer.ts'

/** A value of a template's instance: its type and its bytes, or XML of its own. */
export type ValueSpec =
  | { readonly type: number; readonly bytes: Uint8Array }
  | { readonly type: typeof VALUE.fragment; readonly fragment: FragmentSpec }

/** Nothing; `sizeBytes` of nothing where the log left room. */
export function nothing(sizeBytes = 0): ValueSpec {
  return { type: VALUE.null, bytes: new Uint8Array(sizeBytes) }
}

/** UTF-16 text, as it is. */
export function text(value: string): ValueSpec {
  return { type: VALUE.text, bytes: Buffer.from(value, 'utf16le') }
}

/** An array of texts, a zero behind each. */
export function texts(...values: string[]): ValueSpec {
  return {
    type: VALUE.text | 0x80,
    bytes: Buffer.from(values.map((value) => `${value}\0`).join(''), 'utf16le'),
  }
}

/** An unsigned or hexadecimal number of the type's size. */
export function number(type: number, value: number | bigint): ValueSpec {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)))
  const isLong = type === VALUE.u64 || type === VALUE.i64 || type === VALUE.hex64 || type === VALUE.fileTime
  const isByte = type === VALUE.u8 || type === VALUE.i8
  const isShort = type === VALUE.u16 || type === VALUE.i16
  return { type, bytes: bytes.subarray(0, isLong ? 8 : isByte ? 1 : isShort ? 2 : 4) }
}

/** A time in FILETIME ticks. */
export function fileTime(ticks: bigint): ValueSpec {
  return number(VALUE.fileTime, ticks)
}

/** A GUID of 32 hex digits in the order in which its bytes are stored. */
export function guid(hex: string): ValueSpec {
  return { type: VALUE.guid, bytes: Buffer.from(hex, 'hex') }
}

/** `S-1-5-…`. */
export function sid(value: string): ValueSpec {
  const [, revision, authority, ...parts] = value.split('-').map(Number)
  const bytes = Buffer.alloc(8 + parts.length * 4)
  bytes[0] = revision!
  bytes[1] = parts.length
  bytes.writeUIntBE(authority!, 2, 6)
  for (const [i, part] of parts.entries()) bytes.writeUInt32LE(part, 8 + i * 4)
  return { type: VALUE.sid, bytes }
}

/** XML as a value. */
export function fragment(spec: FragmentSpec): ValueSpec {
  return { type: VALUE.fragment, fragment: spec }
}

/** FILETIME ticks of a time in ISO 8601, of which seven digits of a second count. */
export function ticksOf(iso: string): bigint {
  const [whole = '', fraction = ''] = iso.replace('Z', '').split('.')
  const ms = BigInt(Date.parse(`${whole}Z`))
  return (ms + 11_644_473_600_000n) * 10_000n + BigInt(fraction.padEnd(7, '0').slice(0, 7))
}
