import type { Buffer } from 'node:buffer'
import { readGuid } from '../artefacts/guid.ts'
import { readNarrowText, readWideText } from '../artefacts/wide-text.ts'

/** Folders that have a class instead of a name (Microsoft, KNOWNFOLDERID and shell namespace). */
const FOLDERS: ReadonlyMap<string, string> = new Map([
  ['20d04fe0-3aea-1069-a2d8-08002b30309d', 'My Computer'],
  ['59031a47-3f72-44a7-89c5-5595fe6b30ee', 'Users'],
  ['208d2c60-3aea-1069-a2d7-08002b30309d', 'My Network Places'],
  ['645ff040-5081-101b-9f08-00aa002f954e', 'Recycle Bin'],
  ['21ec2020-3aea-1069-a2dd-08002b30309d', 'Control Panel'],
  ['26ee0668-a00a-44d7-9371-beb064c98683', 'Control Panel'],
  ['031e4825-7b94-4dc3-b131-e946b44c8dd5', 'Libraries'],
  ['374de290-123f-4565-9164-39c4925e467b', 'Downloads'],
])
const ROOT = 0x1f
const EXTENSION_SIGNATURE = 0xbeef0004
const MAX_ITEMS = 256

/** A list of shell items (libfwsi, "Windows Shell Item format") as a path, as far as its items have names. */
export function showShellItems(list: Buffer): string {
  const names: string[] = []
  for (let at = 0, count = 0; at + 2 <= list.length && count < MAX_ITEMS; count++) {
    const sizeBytes = list.readUInt16LE(at)
    if (sizeBytes < 3) break
    const name = nameItem(list.subarray(at, Math.min(list.length, at + sizeBytes)))
    if (name !== '') names.push(name)
    at += sizeBytes
  }
  return joinNames(names)
}

/** `<My Computer> C:\\Users\\ana`: a backslash between names of files, a blank behind what has no path. */
function joinNames(names: readonly string[]): string {
  let path = ''
  for (const name of names) {
    const separator = path === '' || path.endsWith('\\') ? '' : path.endsWith('>') ? ' ' : '\\'
    path += separator + name
  }
  return path
}

function nameItem(item: Buffer): string {
  const type = item[2]!
  if (type === ROOT && item.length >= 20) {
    const id = readGuid(item, 4)
    return `<${FOLDERS.get(id) ?? `{${id}}`}>`
  }
  if ((type & 0x70) === 0x20) return readNarrowText(item, 3, item.length)
  if ((type & 0x70) === 0x30) return nameFile(item)
  return ''
}

/** A file or folder: its short name at 14, its long one in an extension of the version that the system has. */
function nameFile(item: Buffer): string {
  const isWide = (item[2]! & 0x04) !== 0
  const short = isWide ? readWideText(item, 14, item.length) : readNarrowText(item, 14, item.length)
  const at = findExtension(item)
  if (at < 0) return short
  const version = item.readUInt16LE(at + 2)
  const nameAt = at + (version >= 9 ? 46 : version >= 8 ? 42 : version >= 7 ? 38 : 20)
  return readWideText(item, nameAt, item.length) || short
}

function findExtension(item: Buffer): number {
  for (let at = 14; at + 8 <= item.length; at += 2)
    if (item.readUInt32LE(at + 4) === EXTENSION_SIGNATURE) return at
  return -1
}
