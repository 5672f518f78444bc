import type { Buffer } from 'node:buffer'
import { FileTimeFields } from '../artefacts/file-time-field.ts'
import { readGuid } from '../artefacts/guid.ts'
import { readNarrowText, readWideText } from '../artefacts/wide-text.ts'
import { showShellItems } from './shell-items.ts'

/*
 * A shortcut (Microsoft, [MS-SHLLINK] 2): header of 76 bytes with its class at 4, flags at 20, attributes of the file at 24, FILETIMEs
 * of creation, access and change at 28, size at 52; then, as the flags say, a list of shell items (2.2), where the file stands (2.3),
 * texts (2.4), and blocks of more data (2.5) up to one of less than four bytes.
 */
export const LNK_HEADER_BYTES = 76
const CLASS_ID = '0114020000000000c000000000000046'

const HAS_ITEMS = 0x1
const HAS_LINK_INFO = 0x2
const IS_WIDE = 0x80
/** Texts by their flags, in the order in which they stand. */
const TEXTS = [
  [0x4, 'description'],
  [0x8, 'relative_path'],
  [0x10, 'working_directory'],
  [0x20, 'command_line_arguments'],
  [0x40, 'icon_location'],
] as const
const ENVIRONMENT_BLOCK = 0xa0000001
const TRACKER_BLOCK = 0xa0000003

const DRIVE_TYPES = ['Unknown', 'No root directory', 'Removable', 'Fixed', 'Remote', 'CD-ROM', 'RAM disk']

/** What a shortcut says, under Plaso's names. */
export type LnkFields = Record<string, string | number | undefined>

/** A shortcut, and where its bytes end. */
export interface ReadLnk {
  readonly fields: LnkFields
  readonly end: number
  /** Why not all of it could be read. */
  readonly problem: string | undefined
}

/** Whether a shortcut begins there. */
export function isLnk(bytes: Buffer, at = 0): boolean {
  return (
    bytes.length >= at + 20 &&
    bytes.readUInt32LE(at) === LNK_HEADER_BYTES &&
    bytes.toString('hex', at + 4, at + 20) === CLASS_ID
  )
}

/** Reads a shortcut from the first byte of its header on. */
export function readLnk(bytes: Buffer): ReadLnk {
  if (bytes.length < LNK_HEADER_BYTES)
    return { fields: {}, end: bytes.length, problem: 'it ends in its header' }
  const times = new FileTimeFields()
  const flags = bytes.readUInt32LE(20)
  const fields: LnkFields = {
    creation_time: times.read(bytes, 28),
    access_time: times.read(bytes, 36),
    modification_time: times.read(bytes, 44),
    file_attribute_flags: bytes.readUInt32LE(24),
    file_size: bytes.readUInt32LE(52),
  }
  let at = LNK_HEADER_BYTES
  const cut = (what: string): ReadLnk => ({ fields, end: bytes.length, problem: `it ends in ${what}` })
  if (flags & HAS_ITEMS) {
    if (at + 2 > bytes.length) return cut('the list of shell items')
    const end = at + 2 + bytes.readUInt16LE(at)
    fields['link_target'] = showShellItems(bytes.subarray(at + 2, end)) || undefined
    if (end > bytes.length) return cut('the list of shell items')
    at = end
  }
  if (flags & HAS_LINK_INFO) {
    if (at + 4 > bytes.length) return cut('the place of the file')
    const sizeBytes = bytes.readUInt32LE(at)
    if (sizeBytes < 4 || at + sizeBytes > bytes.length) return cut('the place of the file')
    readLinkInfo(bytes.subarray(at, at + sizeBytes), fields)
    at += sizeBytes
  }
  for (const [flag, name] of TEXTS) {
    if ((flags & flag) === 0) continue
    const width = flags & IS_WIDE ? 2 : 1
    if (at + 2 > bytes.length) return cut(name)
    const end = at + 2 + bytes.readUInt16LE(at) * width
    fields[name] = width === 2 ? readWideText(bytes, at + 2, end) : readNarrowText(bytes, at + 2, end)
    if (end > bytes.length) return cut(name)
    at = end
  }
  while (at + 4 <= bytes.length) {
    const sizeBytes = bytes.readUInt32LE(at)
    if (sizeBytes < 4) return { fields, end: at + 4, problem: undefined }
    if (sizeBytes < 8 || at + sizeBytes > bytes.length) return cut('a block of more data')
    readBlock(bytes.subarray(at, at + sizeBytes), fields)
    at += sizeBytes
  }
  return { fields, end: Math.min(at, bytes.length), problem: undefined }
}

/** Size, size of the header at 4, flags at 8, then places: of the volume at 12, the local path at 16, the share at 20, the rest at 24. */
function readLinkInfo(info: Buffer, fields: LnkFields): void {
  if (info.length < 28) return
  const headerBytes = info.readUInt32LE(4)
  const flags = info.readUInt32LE(8)
  const isWide = headerBytes >= 36 && info.length >= 36
  const suffix = isWide
    ? readWideText(info, info.readUInt32LE(32), info.length)
    : readNarrowText(info, info.readUInt32LE(24), info.length)
  if (flags & 1) {
    const base = isWide
      ? readWideText(info, info.readUInt32LE(28), info.length)
      : readNarrowText(info, info.readUInt32LE(16), info.length)
    if (base !== '') fields['local_path'] = base + suffix
    readVolume(info.subarray(info.readUInt32LE(12)), fields)
  }
  if (flags & 2) {
    const share = info.subarray(info.readUInt32LE(20))
    if (share.length < 20) return
    const nameAt = share.readUInt32LE(8)
    const name =
      nameAt > 20 && share.length >= 24
        ? readWideText(share, share.readUInt32LE(20), share.length)
        : readNarrowText(share, nameAt, share.length)
    if (name !== '') fields['network_path'] = suffix === '' ? name : `${name}\\${suffix}`
  }
}

function readVolume(volume: Buffer, fields: LnkFields): void {
  if (volume.length < 16) return
  fields['drive_type'] = DRIVE_TYPES[volume.readUInt32LE(4)] ?? volume.readUInt32LE(4)
  fields['drive_serial_number'] = volume.readUInt32LE(8)
  const labelAt = volume.readUInt32LE(12)
  const label =
    labelAt === 20 && volume.length >= 20
      ? readWideText(volume, volume.readUInt32LE(16), volume.length)
      : readNarrowText(volume, labelAt, volume.length)
  if (label !== '') fields['volume_label'] = label
}

function readBlock(block: Buffer, fields: LnkFields): void {
  const signature = block.readUInt32LE(4)
  if (signature === ENVIRONMENT_BLOCK && block.length >= 788) {
    const location = readWideText(block, 268, 788) || readNarrowText(block, 8, 268)
    if (location !== '') fields['env_var_location'] = location
  }
  if (signature === TRACKER_BLOCK && block.length >= 96) {
    fields['machine_identifier'] = readNarrowText(block, 16, 32) || undefined
    fields['droid_volume_identifier'] = readGuid(block, 32)
    fields['droid_file_identifier'] = readGuid(block, 48)
    fields['birth_droid_volume_identifier'] = readGuid(block, 64)
    fields['birth_droid_file_identifier'] = readGuid(block, 80)
  }
}
