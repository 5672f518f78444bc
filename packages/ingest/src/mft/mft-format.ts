import { Buffer } from 'node:buffer'
import { type FileHandle, open } from 'node:fs/promises'
import { planMapping } from '../artefacts/artefact-format.ts'
import { type ByteSource, fillFrom, type PeekableSource } from '../containers/byte-source.ts'
import { FileSource } from '../containers/file-source.ts'
import { spoolToFile } from '../containers/open-input.ts'
import type { BinaryFormat, EvidencePiece, EvidencePlace, EvidencePlan } from '../pipeline/evidence-plan.ts'
import type { ReadOptions } from '../pipeline/read-options.ts'
import { FolderNames } from './folder-names.ts'
import { MAX_FOLDERS } from './limits.ts'
import {
  FILE_NAME,
  fixEntry,
  hasWholeName,
  measureEntry,
  readEntryHeader,
  walkAttributes,
} from './mft-entry.ts'
import { PATHS_LENGTH_BYTES } from './mft-rows.ts'

/** Bytes of entries in one piece: a hundred thousand events and more come of them. */
const PIECE_BYTES = 4 * 1024 * 1024
const SURVEY_BYTES = 4 * 1024 * 1024

/** The master file table of an NTFS volume, as triage tools copy it. */
export const MFT_FORMAT: BinaryFormat = {
  name: 'mft',
  title: 'NTFS master file table ($MFT)',
  recognisedBy: '"FILE" at its beginning, with an entry\'s header',
  headBytes: 48,
  matches: (head) => measureEntry(head) !== undefined,
  plan: planMft,
}

async function planMft(
  path: string,
  source: PeekableSource,
  options: ReadOptions,
  place: EvidencePlace,
): Promise<EvidencePlan> {
  // `matches` has measured it.
  const entryBytes = measureEntry(await source.peek(48))!
  const table = await openTable(path, source, options, place)
  const folders = new FolderNames()
  const mapping = planMapping(
    {
      name: MFT_FORMAT.name,
      title: MFT_FORMAT.title,
      // Each event says itself what its time is.
      times: [],
      constants: { data_type: 'fs:stat:ntfs', file_system_type: 'NTFS' },
    },
    options,
  )
  return {
    format: MFT_FORMAT.name,
    reasons: [mapping.reason],
    mapping,
    settings: {
      format: { kind: 'mft', entryBytes, inside: place.inside },
      mapping,
      times: 'first',
      ...(options.maxRows === undefined ? {} : { maxRows: options.maxRows }),
    },
    pieces: splitEntries(table, entryBytes, folders, options),
    source,
    hasLines: false,
    describeNotes: () => describeFolders(folders),
    close: table.close,
  }
}

function describeFolders({ leftOut }: FolderNames): readonly string[] {
  if (leftOut === 0) return []
  return [
    `The names of ${leftOut} folders were not kept, since there are more than ${MAX_FOLDERS} (MAX_FOLDERS): paths of what is in them begin with "$Orphan".`,
  ]
}

/** A table that is read twice, since paths are made of entries all over it. */
interface OpenTable {
  /** For the first time. */
  readonly file: FileHandle
  /** For the second, which counts as reading the evidence where the first was from elsewhere. */
  readonly source: ByteSource
  readonly close: () => Promise<void>
}

/** Opens it beside where it stands, or a copy of it. */
async function openTable(
  path: string,
  source: PeekableSource,
  options: ReadOptions,
  { filePath }: EvidencePlace,
): Promise<OpenTable> {
  if (filePath !== undefined) {
    const file = await open(filePath, 'r')
    return { file, source, close: () => file.close() }
  }
  const spooled = await spoolToFile(source, path, options.spoolDirectory)
  const { file } = spooled
  return {
    file,
    source: new FileSource(file, true, 0),
    close: async () => await spooled[Symbol.asyncDispose](),
  }
}

async function* splitEntries(
  { file, source }: OpenTable,
  entryBytes: number,
  folders: FolderNames,
  options: ReadOptions,
): AsyncGenerator<EvidencePiece> {
  await nameFolders(file, entryBytes, folders, options)
  const pieceBytes = Math.max(1, Math.floor((options.stretchBytes ?? PIECE_BYTES) / entryBytes)) * entryBytes
  const entries = Buffer.alloc(pieceBytes)
  for (let number = 0; ; number += pieceBytes / entryBytes) {
    const size = await fillFrom(source, entries)
    if (size === 0) return
    const read = entries.subarray(0, size)
    const paths = Buffer.from(JSON.stringify(collectPaths(read, entryBytes, folders)))
    const bytes = new Uint8Array(new ArrayBuffer(PATHS_LENGTH_BYTES + paths.length + size))
    new DataView(bytes.buffer).setUint32(0, paths.length, true)
    bytes.set(paths, PATHS_LENGTH_BYTES)
    bytes.set(read, PATHS_LENGTH_BYTES + paths.length)
    yield { kind: 'stretch', bytes, startLine: number, place: 'top', isLast: size < pieceBytes }
    if (size < pieceBytes) return
  }
}

async function nameFolders(
  file: FileHandle,
  entryBytes: number,
  folders: FolderNames,
  options: ReadOptions,
): Promise<void> {
  const source = new FileSource(file, true, 0)
  const bytes = Buffer.alloc(SURVEY_BYTES)
  for (let first = 0; ; first += SURVEY_BYTES / entryBytes) {
    options.signal?.throwIfAborted()
    const size = await fillFrom(source, bytes)
    for (let at = 0; at + entryBytes <= size; at += entryBytes)
      folders.add(bytes.subarray(at, at + entryBytes), first + at / entryBytes)
    if (size < bytes.length) return
  }
}

/** Paths of the folders that entries of a piece are in, by the references to them. Fix-up values are put back on the way. */
function collectPaths(
  bytes: Buffer,
  entryBytes: number,
  folders: FolderNames,
): Readonly<Record<string, string>> {
  const paths: Record<string, string> = {}
  for (let at = 0; at + entryBytes <= bytes.length; at += entryBytes) {
    const entry = bytes.subarray(at, at + entryBytes)
    if (fixEntry(entry) !== 'entry') continue
    for (const attribute of walkAttributes(entry, readEntryHeader(entry))) {
      if (attribute.type !== FILE_NAME || !hasWholeName(entry, attribute)) continue
      const number = entry.readUIntLE(attribute.dataAt, 6)
      const sequence = entry.readUInt16LE(attribute.dataAt + 6)
      paths[`${number}-${sequence}`] ??= folders.pathOf(number, sequence)
    }
  }
  return paths
}
