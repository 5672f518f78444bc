import type { Buffer } from 'node:buffer'
import type { ArtefactFormat } from '../artefacts/artefact-format.ts'
import type { ArtefactSink } from '../artefacts/artefact-sink.ts'
import { FileTimeFields } from '../artefacts/file-time-field.ts'
import { readWideText } from '../artefacts/wide-text.ts'

/*
 * A $I file (libyal, "Windows Recycle Bin file formats": dtformats): version at 0 (64 bits), size of the deleted file at 8, FILETIME of
 * its deletion at 16; version 1 has 520 bytes of name from 24 on, version 2 the number of characters at 24 and the name at 28.
 */
const V1_NAME_AT = 24
const V1_BYTES = 544
const V2_NAME_AT = 28
const MAX_NAME_CHARACTERS = 32_768
const MAX_BYTES = V2_NAME_AT + MAX_NAME_CHARACTERS * 2

/** What the recycle bin of Windows keeps beside each deleted file. */
export const RECYCLE_BIN_FORMAT: ArtefactFormat = {
  name: 'recycle-bin',
  title: 'Windows recycle bin entry ($I)',
  recognisedBy: 'the version 1 or 2 at its beginning, and the path of a drive or a share where one stands',
  headBytes: 32,
  matches: (head) => findName(head) !== undefined,
  maxBytes: MAX_BYTES,
  times: [['deletion_time', 'Content Deletion Time']],
  constants: { data_type: 'windows:metadata:deleted_item' },
  read: readEntry,
}

/** Where the path begins, if it looks like one. */
function findName(head: Buffer): number | undefined {
  if (head.length < 32 || head.readUInt32LE(4) !== 0) return undefined
  const version = head.readUInt32LE(0)
  if (version !== 1 && version !== 2) return undefined
  const at = version === 1 ? V1_NAME_AT : V2_NAME_AT
  return /^(?:[A-Za-z]:|\\\\)$/.test(head.toString('utf16le', at, at + 4)) ? at : undefined
}

function readEntry(bytes: Buffer, sink: ArtefactSink): void {
  // `matches` has found it.
  const nameAt = findName(bytes)!
  const end = nameAt === V1_NAME_AT ? V1_BYTES : nameAt + bytes.readUInt32LE(24) * 2
  const path = readWideText(bytes, nameAt, end)
  const sizeBytes = bytes.readUInt32LE(12) * 2 ** 32 + bytes.readUInt32LE(8)
  sink.keep(1, {
    message: `${path} (from drive: ${path.slice(0, 2)}) file size: ${sizeBytes}`,
    original_filename: path,
    file_size: sizeBytes,
    deletion_time: new FileTimeFields().read(bytes, 16),
  })
  if (end > bytes.length) {
    const detail = `expected ${end} bytes, found ${bytes.length}; the path is cut off`
    sink.reject(1, 'truncated', detail, bytes.length)
  }
}
