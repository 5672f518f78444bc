import type { FileHandle } from 'node:fs/promises'
import { validateFileName } from 'yauzl'
import type { UnpackingMeter } from './archive-limits.ts'
import type { ByteSource } from './byte-source.ts'

/** Why a file is not in: its format is none that is known (nothing is lost that could be had), or it cannot be read as it should. */
export type Refusal = 'not-understood' | 'unreadable'

/** A content opened once more, from its first byte. */
export interface OpenedContent {
  readonly source: ByteSource
  close(): void
}

/** One file of a container, to be read before the next one is asked for. */
export interface EntryFile {
  readonly kind: 'file'
  /** With slashes, as the container has it. For people only, never used as a path. */
  readonly name: string
  readonly source: ByteSource
  /** Left out where the bytes come only once. What is unpacked counts in the meter. */
  readonly reopen?: (meter: UnpackingMeter) => OpenedContent
  /** The file whose bytes these are, from first to last; stays the container's. */
  readonly file?: FileHandle
  /** The very file's path, where the container is a folder; what stands beside it is found by it. */
  readonly filePath?: string
  /** As the container says, which need not be so. */
  readonly sizeBytes?: number | undefined
  /** Microseconds since 1970 when the file was last changed, as the container says; undefined also where no calendar has that time. */
  readonly changedUs?: number | undefined
}

/** A file of a container that is not read, and why. */
export interface RefusedEntry {
  readonly kind: 'refused'
  readonly name: string
  readonly reason: string
  readonly refusal: Refusal
  /** It has no byte, which is all that is wrong with it. */
  readonly isEmpty?: boolean
}

/** A file of a folder or an archive, or what stands there instead of one. Folders are none. */
export type ContainerEntry = EntryFile | RefusedEntry

/** Stands for a name where it is not one entry that is not read. */
export const REST_OF_ARCHIVE = '(rest of the archive)'

/** What an entry is known by: `case.zip!host1/a.csv`, `folder/host1/a.csv`. */
export function nameEntry(container: string, name: string): string {
  return container.endsWith('/') ? container + name : `${container}!${name}`
}

/** Tells of a file without a byte: a log that somebody emptied is worth a word. */
export function refuseEmpty(name: string): RefusedEntry {
  return { kind: 'refused', name, reason: 'it is empty', refusal: 'not-understood', isEmpty: true }
}

/** What may stand in a folder or an archive that has no content of its own. */
export type SpecialKind = 'symbolic-link' | 'hard-link' | 'pipe' | 'socket' | 'device'

const SPECIAL: Readonly<Record<SpecialKind, string>> = {
  'symbolic-link': 'it is a symbolic link, which is not followed',
  'hard-link': 'it is a hard link: its content stands under another name',
  pipe: 'it is a named pipe (FIFO), which has no content of its own',
  socket: 'it is a socket, which has no content of its own',
  device: 'it is a device, which has no content of its own',
}

/** Tells of what has no content of its own: nothing is lost, but it is not passed over without a word. */
export function refuseSpecial(name: string, kind: SpecialKind): RefusedEntry {
  return { kind: 'refused', name, reason: SPECIAL[kind], refusal: 'not-understood' }
}

/** Tells of a file that cannot be read. */
export function refuseUnreadable(name: string, reason: string): RefusedEntry {
  return { kind: 'refused', name, reason, refusal: 'unreadable' }
}

/** Why a name is not taken: nobody unpacks to it, but somebody meant harm. Undefined for honest names. */
export function findNameProblem(name: string): string | undefined {
  const problem = validateFileName(name)
  return problem ? `its name would lead out of the folder it is unpacked to (${problem})` : undefined
}
