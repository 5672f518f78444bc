import { type FileHandle, open, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { UnpackingMeter } from './archive-limits.ts'
import { type ContainerEntry, type OpenedContent, refuseEmpty, refuseUnreadable } from './container-entry.ts'
import { FileSource } from './file-source.ts'
import { describeOpenProblem } from './open-input.ts'

/** A file below a folder. */
export interface FolderFile {
  /** Below the folder, with slashes. */
  readonly name: string
  readonly path: string
  readonly sizeBytes: number
  /** Milliseconds since 1970. */
  readonly changedMs: number
  readonly file: FileHandle
}

/**
 * Goes through the files below a folder, in the order of their names. Symbolic links are not followed, since they may lead anywhere;
 * devices and pipes are passed over.
 *
 * @throws {ArchiveLimitError} When there are more files than `MAX_ARCHIVE_ENTRIES`.
 */
export async function* readFolderEntries(
  path: string,
  meter: UnpackingMeter,
  onRead: (bytesRead: number) => void = () => {},
): AsyncGenerator<ContainerEntry> {
  for await (const found of walkFolder(path, meter)) {
    if ('reason' in found) {
      yield refuseUnreadable(found.name, found.reason)
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
    const { path: filePath } = found
    yield { kind: 'file', name, source, reopen, file, filePath, sizeBytes, changedUs: changedMs * 1000 }
  }
}

/** Bytes of all files below a folder that can be read. */
export async function measureFolder(path: string): Promise<number> {
  let total = 0
  for await (const found of walkFolder(path, new UnpackingMeter(path)))
    if ('file' in found) total += found.sizeBytes
  return total
}

/**
 * The files below a folder, opened one after the other: each is closed when the next is asked for.
 *
 * @returns A file, or the name of what cannot be read and why.
 */
export async function* walkFolder(
  path: string,
  meter: UnpackingMeter,
  prefix = '',
): AsyncGenerator<FolderFile | { readonly name: string; readonly reason: string }> {
  let names: { name: string; isFolder: boolean; isFile: boolean }[]
  try {
    names = []
    for await (const entry of await opendir(path)) {
      meter.addEntries(1)
      names.push({ name: entry.name, isFolder: entry.isDirectory(), isFile: entry.isFile() })
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'ArchiveLimitError') throw error
    yield { name: prefix || '.', reason: `the folder cannot be read: ${describeOpenProblem(error)}` }
    return
  }
  names.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const { name, isFolder, isFile } of names) {
    if (isFolder) yield* walkFolder(join(path, name), meter, `${prefix}${name}/`)
    else if (isFile) yield* openOne(join(path, name), `${prefix}${name}`)
  }
}

async function* openOne(
  path: string,
  name: string,
): AsyncGenerator<FolderFile | { readonly name: string; readonly reason: string }> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (error) {
    yield { name, reason: describeOpenProblem(error) }
    return
  }
  try {
    const { size, mtimeMs } = await file.stat()
    yield { name, path, sizeBytes: size, changedMs: mtimeMs, file }
  } finally {
    await file.close()
  }
}
