import { Buffer, isUtf8 } from 'node:buffer'
import type { Dirent } from 'node:fs'
import { type FileHandle, open, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { UnpackingMeter } from './archive-limits.ts'
import {
  type ContainerEntry,
  type OpenedContent,
  type RefusedEntry,
  refuseEmpty,
  refuseSpecial,
  refuseUnreadable,
  type SpecialKind,
} from './container-entry.ts'
import { FileSource } from './file-source.ts'
import { describeOpenProblem } from './open-input.ts'

/** A file below a folder. */
export interface FolderFile {
  readonly kind: 'file'
  /** Below the folder, with slashes. */
  readonly name: string
  /** Undefined where it has names that are no text. */
  readonly path: string | undefined
  readonly sizeBytes: number
  /** Milliseconds since 1970. */
  readonly changedMs: number
  readonly file: FileHandle
}

/**
 * Goes through the files below a folder, in the order of their names. Symbolic links are not followed, since they may lead anywhere;
 * they, devices, pipes and sockets are refused.
 *
 * @throws {ArchiveLimitError} When there are more files than `MAX_ARCHIVE_ENTRIES`.
 */
export async function* readFolderEntries(
  path: string,
  meter: UnpackingMeter,
  onRead: (bytesRead: number) => void = () => {},
): AsyncGenerator<ContainerEntry> {
  for await (const found of walkFolder(path, meter)) {
    if (found.kind === 'refused') {
      yield found
      continue
    }
    const { name, file, sizeBytes, changedMs } = found
    if (sizeBytes === 0) {
      yield refuseEmpty(name)
      continue
    }
    const reopen = (): OpenedContent => ({
      source: new FileSource(file, true, 0, undefined, onRead),
      close() {},
    })
    const { source } = reopen()
    const onDisk = found.path === undefined ? {} : { filePath: found.path }
    yield { kind: 'file', name, source, reopen, file, ...onDisk, sizeBytes, changedUs: changedMs * 1000 }
  }
}

/** Bytes of all files below a folder that can be read. */
export async function measureFolder(path: string): Promise<number> {
  let total = 0
  for await (const found of walkFolder(path, new UnpackingMeter(path)))
    if (found.kind === 'file') total += found.sizeBytes
  return total
}

/**
 * The files below a folder, opened one after the other: each is closed when the next is asked for.
 *
 * @returns A file, or what is not read and why.
 */
export async function* walkFolder(
  path: string | Buffer,
  meter: UnpackingMeter,
  prefix = '',
): AsyncGenerator<FolderFile | RefusedEntry> {
  const entries: Dirent<Buffer>[] = []
  try {
    // Names are bytes, which need not be text: what cannot be named cannot be opened.
    for await (const entry of await opendir(path, { encoding: 'buffer' as BufferEncoding })) {
      meter.addEntries(1)
      entries.push(entry as unknown as Dirent<Buffer>)
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'ArchiveLimitError') throw error
    yield refuseUnreadable(prefix || '.', `the folder cannot be read: ${describeOpenProblem(error)}`)
    return
  }
  entries.sort((a, b) => a.name.compare(b.name))
  for (const entry of entries) {
    const here = joinName(path, entry.name)
    const name = `${prefix}${showName(entry.name)}`
    if (entry.isDirectory()) yield* walkFolder(here, meter, `${name}/`)
    else if (entry.isFile()) yield* openOne(here, name)
    else yield refuseSpecial(name, findSpecialKind(entry))
  }
}

/** The path of what a folder has; bytes where any of its names is no text. */
function joinName(folder: string | Buffer, name: Buffer): string | Buffer {
  if (typeof folder === 'string' && isUtf8(name)) return join(folder, name.toString())
  return Buffer.concat([Buffer.from(folder), Buffer.from('/'), name])
}

/** A name for people: bytes that are no text are written as `\\xff`. */
function showName(name: Buffer): string {
  if (isUtf8(name)) return name.toString()
  return name.toString('latin1').replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`)
}

function findSpecialKind(entry: Dirent<Buffer>): SpecialKind {
  if (entry.isSymbolicLink()) return 'symbolic-link'
  if (entry.isFIFO()) return 'pipe'
  return entry.isSocket() ? 'socket' : 'device'
}

async function* openOne(path: string | Buffer, name: string): AsyncGenerator<FolderFile | RefusedEntry> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (error) {
    yield refuseUnreadable(name, describeOpenProblem(error))
    return
  }
  try {
    const { size, mtimeMs } = await file.stat()
    const shown = typeof path === 'string' ? path : undefined
    yield { kind: 'file', name, path: shown, sizeBytes: size, changedMs: mtimeMs, file }
  } finally {
    await file.close()
  }
}
