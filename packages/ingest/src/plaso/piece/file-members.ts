import { type Attributes, PlasoPath } from './container-value.ts'
import { writeMember } from './event-document.ts'
import { displayName, isPathSpec, relativePath, showPathSpec } from './path-spec.ts'
import type { PieceStream } from './piece.ts'

/** Fields of the file that event data come from. */
const STREAM_FIELDS = ['md5_hash', 'sha1_hash', 'sha256_hash', 'file_entropy'] as const

/** What the events of one file have in common. */
export interface FileMembers {
  /** The member `display_name`, as a document has it. */
  readonly displayName: Uint8Array | undefined
  /** The member `filename`. */
  readonly filename: Uint8Array | undefined
  /** There is a path that cannot be read. */
  readonly isPathBad: boolean
  /** Further members, each with its name and as a document has it. */
  readonly members: readonly FileMember[]
}

/** A member of a document. */
export interface FileMember {
  readonly name: string
  readonly json: string
  readonly bytes: Uint8Array
}

/** Writes what a stream tells of its file. */
export function describeStream(stream: PieceStream): FileMembers {
  const spec = parsePath(stream['path_spec'])
  const members: FileMember[] = []
  if (spec !== undefined) members.push(describePath(spec))
  for (const name of STREAM_FIELDS) {
    const value = stream[name]
    if (value !== undefined) members.push(toMember(name, JSON.stringify(value)))
  }
  const yara = readJson(stream['yara_match'])
  if (Array.isArray(yara)) members.push(toMember('yara_match', JSON.stringify(yara)))
  const isPathBad = spec === undefined && stream['path_spec'] !== undefined
  return { ...nameFile(spec), isPathBad, members }
}

/** As `describeStream`, of what storage files before 2021 have among the attributes; undefined where there is no path. */
export function describeOldPath(attributes: Attributes): FileMembers | undefined {
  const spec = attributes.get('pathspec') ?? attributes.get('path_spec')
  if (!(spec instanceof PlasoPath)) return undefined
  const { members } = spec
  return { ...nameFile(members), isPathBad: false, members: [describePath(members)] }
}

function nameFile(spec: unknown): Pick<FileMembers, 'displayName' | 'filename'> {
  const shown = displayName(spec)
  const path = relativePath(spec)
  return {
    displayName: shown === undefined ? undefined : writeMember('display_name', JSON.stringify(shown)),
    filename: path === undefined ? undefined : writeMember('filename', JSON.stringify(path)),
  }
}

function describePath(spec: Readonly<Record<string, unknown>>): FileMember {
  return toMember('path_spec', JSON.stringify(showPathSpec(spec)))
}

function toMember(name: string, json: string): FileMember {
  return { name, json, bytes: writeMember(name, json) }
}

function parsePath(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  const value = readJson(text)
  return isPathSpec(value) ? value : undefined
}

function readJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    // Its events are shown without it; the row they stand in was not to be read otherwise.
    return undefined
  }
}
