import type { Buffer } from 'node:buffer'
import { readText, VALUE_TYPES } from './value-cell.ts'

const REG_SZ = 1
const REG_EXPAND_SZ = 2
const REG_DWORD_LE = 4
const REG_DWORD_BE = 5
const REG_LINK = 6
const REG_MULTI_SZ = 7
const REG_QWORD = 11

/** What a value of a text type says; undefined for other types. */
export function readString(type: number, data: Buffer): string | undefined {
  return type === REG_SZ || type === REG_EXPAND_SZ || type === REG_LINK ? readText(data) : undefined
}

/** What a value of a number's type says; those beyond 2^53 as text. */
export function readInteger(type: number, data: Buffer): number | string | undefined {
  if (type === REG_DWORD_LE && data.length >= 4) return data.readUInt32LE(0)
  if (type === REG_DWORD_BE && data.length >= 4) return data.readUInt32BE(0)
  if (type !== REG_QWORD || data.length < 8) return undefined
  const value = data.readBigUInt64LE(0)
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value)
}

/** The texts of a value of several. */
export function readStrings(type: number, data: Buffer): readonly string[] | undefined {
  if (type !== REG_MULTI_SZ) return undefined
  const texts = data.toString('utf16le', 0, data.length & ~1).split('\0')
  while (texts.at(-1) === '') texts.pop()
  return texts
}

/** A type by its name in Windows. */
export function nameType(type: number): string {
  return VALUE_TYPES[type] ?? `0x${type.toString(16).padStart(8, '0')}`
}

/** A value's data for people: texts and numbers as they are, bytes by their number. */
export function showData(type: number, data: Buffer): string {
  const texts = readStrings(type, data)
  if (texts) return `[${texts.join(', ')}]`
  const value = readString(type, data) ?? readInteger(type, data)
  return value === undefined ? `(${data.length} bytes)` : String(value)
}
