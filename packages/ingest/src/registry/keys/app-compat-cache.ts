import type { Buffer } from 'node:buffer'
import { findValue, type KeyContext, type KeyReader, timeOf } from './key-reader.ts'

const CACHE_KEY = /\\CONTROLSET\\CONTROL\\SESSION MANAGER\\(?:APPCOMPATCACHE|APPCOMPATIBILITY)$/
const MAX_ENTRIES = 10_000

/** A program that Windows looked at. */
interface CacheEntry {
  readonly at: number
  readonly path: string
  /** Place of the FILETIME of the file's last change; -1 where there is none. */
  readonly modifiedAt: number
  /** Place of the FILETIME of the entry's last change (Windows XP); -1 else. */
  readonly updatedAt: number
  readonly insertionFlags?: number
}

/** The shim cache: programs whose compatibility Windows looked up, the latest first. */
export const APP_COMPAT_CACHE: KeyReader = {
  read(context) {
    if (!CACHE_KEY.test(context.place)) return false
    const value = findValue(context, 'AppCompatCache')
    if (!value) return false
    let index = 0
    for (const entry of readEntries(value.data)) {
      if (entry === undefined || index >= MAX_ENTRIES) {
        context.note('app-compat-cache')
        break
      }
      index++
      keepEntry(context, value.data, entry, index)
    }
    return true
  },
}

function keepEntry(context: KeyContext, data: Buffer, entry: CacheEntry, index: number): void {
  const { path, modifiedAt, updatedAt, insertionFlags, at } = entry
  const set = /ControlSet(\d+)/i.exec(context.path)?.[1]
  context.keep({
    data_type: 'windows:registry:appcompatcache',
    message: `[${context.path}] Cached entry: ${index} Path: ${path}`,
    key_path: context.path,
    entry_index: index,
    path,
    offset: at,
    insertion_flags: insertionFlags,
    control_set: set === undefined ? undefined : Number(set),
    file_entry_modification_time: modifiedAt < 0 ? undefined : context.times.read(data, modifiedAt),
    last_update_time: updatedAt < 0 ? undefined : context.times.read(data, updatedAt),
    registry_last_written_time: index === 1 ? timeOf(context) : undefined,
  })
}

/*
 * Forms (libyal, "AppCompatCache": winreg-kb): told by their first 32 bits, from Windows 8 on by the entries' own signature, which
 * stands behind a header as long as those bits say. At the end, `undefined` says that entries were left that cannot be read.
 */
const XP = 0xdeadbeef
const SERVER_2003_AND_VISTA = 0xbadc0ffe
const WINDOWS_7 = 0xbadc0fee
const WINDOWS_8_HEADER = 128

function* readEntries(data: Buffer): Generator<CacheEntry | undefined> {
  if (data.length < 16) {
    yield undefined
    return
  }
  const signature = data.readUInt32LE(0)
  if (signature === XP) yield* readXp(data)
  else if (signature === SERVER_2003_AND_VISTA) yield* readOffsets(data, 8, false)
  else if (signature === WINDOWS_7) yield* readOffsets(data, 128, true)
  else if (signature === WINDOWS_8_HEADER || signature === 0x30 || signature === 0x34)
    yield* readSigned(data, signature)
  else yield undefined
}

function* readXp(data: Buffer): Generator<CacheEntry | undefined> {
  const count = data.readUInt32LE(4)
  for (let i = 0; i < count; i++) {
    const at = 400 + i * 552
    if (at + 552 > data.length) {
      yield undefined
      return
    }
    const path = data.toString('utf16le', at, at + 528).replace(/\0[\s\S]*$/, '')
    yield { at, path, modifiedAt: at + 528, updatedAt: at + 544 }
  }
}

/** Entries of sizes and places of paths; of 64 bits where a blank stands between both. */
function* readOffsets(data: Buffer, start: number, isWindows7: boolean): Generator<CacheEntry | undefined> {
  const count = data.readUInt32LE(4)
  if (data.length < start + 24) {
    if (count > 0) yield undefined
    return
  }
  const is64 = data.readUInt32LE(start + 4) === 0
  const entryBytes = isWindows7 ? (is64 ? 48 : 32) : is64 ? 32 : 24
  for (let i = 0; i < count; i++) {
    const at = start + i * entryBytes
    if (at + entryBytes > data.length) {
      yield undefined
      return
    }
    const size = data.readUInt16LE(at)
    const pathAt = is64 ? data.readUInt32LE(at + 8) : data.readUInt32LE(at + 4)
    const modifiedAt = is64 ? at + 16 : at + 8
    if (pathAt + size > data.length) {
      yield undefined
      return
    }
    const flags = isWindows7 ? { insertionFlags: data.readUInt32LE(modifiedAt + 8) } : {}
    yield { at, path: data.toString('utf16le', pathAt, pathAt + size), modifiedAt, updatedAt: -1, ...flags }
  }
}

/** Entries that begin with `00ts` (Windows 8.0) or `10ts` (since). */
function* readSigned(data: Buffer, start: number): Generator<CacheEntry | undefined> {
  const isWindows10 = start !== WINDOWS_8_HEADER
  let at = start
  while (at + 12 <= data.length) {
    const signature = data.toString('latin1', at, at + 4)
    const sizeBytes = data.readUInt32LE(at + 8)
    const end = at + 12 + sizeBytes
    if ((signature !== '00ts' && signature !== '10ts') || end > data.length || sizeBytes < 14) {
      if (data.subarray(at).some((byte) => byte !== 0)) yield undefined
      return
    }
    const pathBytes = data.readUInt16LE(at + 12)
    const pathEnd = at + 14 + pathBytes
    // Behind the path stand, before Windows 10, two words of flags; 8.1 has two bytes more.
    const modifiedAt = isWindows10 ? pathEnd : pathEnd + (signature === '00ts' ? 8 : 10)
    if (modifiedAt + 8 > end) {
      yield undefined
      return
    }
    const flags = isWindows10 ? {} : { insertionFlags: data.readUInt32LE(pathEnd) }
    yield { at, path: data.toString('utf16le', at + 14, pathEnd), modifiedAt, updatedAt: -1, ...flags }
    at = end
  }
}
