import { Hive, readHiveHeader } from '../registry/hive/hive.ts'
import type { HiveKey } from '../registry/hive/key-cell.ts'
import { readText } from '../registry/hive/value-cell.ts'
import { MAX_SURVEYED_CELLS } from '../registry/limits.ts'
import { type Clue, type ClueReader, cleanHostName } from './clue.ts'
import { findWindowsZone } from './windows-zones.ts'

/** `Windows/System32/config/SYSTEM` below whatever a tool names the drive: `C`, `C:`, `C%3A`, `%5C%5C.%5CC%3A`. */
const SYSTEM_HIVE = /^(.*?)(?:Windows|WINNT)\/System32\/config\/SYSTEM$/i

/** A drive's folder, and what Velociraptor puts above it. */
const DRIVE = /(?:^|\/)(?:%5C%5C\.%5C)?[A-Z](?::|%3A)?\/$/i
const ACCESSOR = /(?:^|\/)uploads\/[a-z_]+\/$/i

/** The SYSTEM hive of Windows has the computer's name and its time zone. */
export const WINDOWS_HIVE: ClueReader = {
  maxBytes: 128 * 1024 * 1024,
  matches: (name) => SYSTEM_HIVE.test(name),
  read(name, bytes) {
    const header = readHiveHeader(bytes)
    const root = findRoot(SYSTEM_HIVE.exec(name)?.[1] ?? '')
    return header && readSystemHive(new Hive(bytes, header, { maxCells: MAX_SURVEYED_CELLS }), root)
  },
}

function findRoot(folder: string): string {
  const withoutDrive = folder.replace(DRIVE, keepSlash)
  return withoutDrive.replace(ACCESSOR, keepSlash)
}

function keepSlash(found: string): string {
  return found.startsWith('/') ? '/' : ''
}

function readSystemHive(hive: Hive, root: string): Clue | undefined {
  const top = hive.root
  const current = top && readNumber(hive, hive.findKey(top, 'Select'), 'Current')
  const set = `ControlSet${String(current ?? 1).padStart(3, '0')}`
  const control = top && hive.findKey(top, set, 'Control')
  if (!control) return undefined
  const computer = hive.findKey(control, 'ComputerName', 'ComputerName')
  const hostName = cleanHostName(readString(hive, computer, 'ComputerName'))
  const zone = hive.findKey(control, 'TimeZoneInformation')
  const timeZone = findWindowsZone(
    readString(hive, zone, 'TimeZoneKeyName') ?? readString(hive, zone, 'StandardName') ?? '',
  )
  return {
    root,
    rank: 0,
    ...(hostName === undefined ? {} : { hostName }),
    ...(timeZone === undefined ? {} : { timeZone }),
  }
}

function readNumber(hive: Hive, key: HiveKey | undefined, name: string): number | undefined {
  const data = readValue(hive, key, name)
  return data && data.length >= 4 ? data.readUInt32LE(0) : undefined
}

function readString(hive: Hive, key: HiveKey | undefined, name: string): string | undefined {
  const data = readValue(hive, key, name)
  return data && readText(data)
}

function readValue(hive: Hive, key: HiveKey | undefined, name: string): ReturnType<Hive['readData']> {
  const value = key && hive.findValue(key, name)
  return value && hive.readData(value)
}
