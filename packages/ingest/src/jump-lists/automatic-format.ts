import { Buffer } from 'node:buffer'
import type { ArtefactFormat } from '../artefacts/artefact-format.ts'
import type { ArtefactSink } from '../artefacts/artefact-sink.ts'
import { FileTimeFields } from '../artefacts/file-time-field.ts'
import { isLnk } from '../lnk/lnk.ts'
import { keepLnk, LNK_TIMES } from '../lnk/lnk-format.ts'
import { CompoundFile, isCompoundFile } from './compound-file.ts'
import { type DestListEntry, readDestList } from './dest-list.ts'
import { MAX_JUMP_LIST_BYTES } from './limits.ts'

const LIST = 'DestList'
const HEADER_BYTES = 512
/** "DestList" as a directory's entry has it. */
const LIST_NAME = Buffer.from(LIST, 'utf16le')

/** Jump lists that Windows keeps: what was opened with a program, the latest first. */
export const AUTOMATIC_JUMP_LIST_FORMAT: ArtefactFormat = {
  name: 'jump-list',
  title: 'Windows jump list (automaticDestinations-ms)',
  recognisedBy: 'an OLE compound file with a stream "DestList"',
  headBytes: HEADER_BYTES,
  matches: isCompoundFile,
  isOurs: (bytes) => bytes.includes(LIST_NAME),
  maxBytes: MAX_JUMP_LIST_BYTES,
  times: [['last_used_time', 'Content Modification Time'], ...LNK_TIMES],
  read: readJumpList,
}

function readJumpList(bytes: Buffer, sink: ArtefactSink): void {
  if (bytes.length < HEADER_BYTES) {
    sink.reject(0, 'truncated', 'the file ends in its header', 0)
    return
  }
  const file = new CompoundFile(bytes)
  const list = file.read(LIST)
  const { entries, problem } = list
    ? readDestList(list.bytes, new FileTimeFields())
    : { entries: [], problem: 'its list cannot be found' }
  if (problem !== undefined) sink.reject(0, 'truncated', problem, 0)
  for (const entry of entries) keepEntry(entry, sink)
  const hosts = new Map(entries.toReversed().map(({ number, host }) => [number, host]))
  for (const name of file.names) {
    if (name === LIST || !/^[0-9a-f]{1,8}$/i.test(name)) continue
    if (file.isSpent) {
      const detail = `the shortcuts from the stream "${name}" on are not read: those before have more bytes than the file`
      sink.reject(0, 'over-limit', detail, 0)
      return
    }
    keepShortcut(file, name, hosts, sink)
  }
}

function keepEntry(entry: DestListEntry, sink: ArtefactSink): void {
  const { number, path, host, pinStatus } = entry
  const pinned = pinStatus < 0 ? 'Unpinned' : 'Pinned'
  sink.keep(number, {
    data_type: 'olecf:dest_list:entry',
    message: `Entry: ${number} Pin status: ${pinned} Hostname: ${host} Path: ${path} Droid file identifier: ${entry.droidFile}`,
    entry_number: number,
    path,
    hostname: host === '' ? undefined : host,
    pin_status: pinStatus,
    offset: entry.at,
    droid_volume_identifier: entry.droidVolume,
    droid_file_identifier: entry.droidFile,
    birth_droid_volume_identifier: entry.birthVolume,
    birth_droid_file_identifier: entry.birthFile,
    last_used_time: entry.usedAt,
  })
}

function keepShortcut(
  file: CompoundFile,
  name: string,
  hosts: ReadonlyMap<number, string>,
  sink: ArtefactSink,
): void {
  const stream = file.read(name)
  const number = Number.parseInt(name, 16)
  if (!stream || !isLnk(stream.bytes)) {
    sink.reject(number, 'bad-record', `expected a shortcut in the stream "${name}"`, 0)
    return
  }
  keepLnk(stream.bytes, number, 0, sink, {
    data_type: 'windows:lnk:link',
    entry_number: number,
    hostname: hosts.get(number) || undefined,
  })
}
