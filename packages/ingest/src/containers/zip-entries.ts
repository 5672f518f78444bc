import type { Buffer } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'
import { type Entry, fromFdPromise, getFileNameLowLevel, type ZipFile } from 'yauzl'
import { MAX_ARCHIVE_ENTRIES, type UnpackingMeter } from './archive-limits.ts'
import { FileSource } from './file-source.ts'
import { salvageZipEntries } from './salvage-zip.ts'
import {
  EMPTY_ENTRY,
  findZipRefusal,
  isEmptyContent,
  makeEntryLimitError,
  openZipEntry,
  REST_OF_ARCHIVE,
  type ZipEntry,
} from './zip-entry.ts'

/**
 * Goes through the entries of a zip archive in the order of its directory. Folders are passed over. Names
 * are for people only and are never used as paths; those that would lead out of a folder are refused all the same, since
 * somebody meant harm.
 *
 * An archive that is cut off has no directory, since it stands at the end: then the entries are found by their headers.
 *
 * @param file - Stays open.
 * @throws {ArchiveLimitError} When there are more entries than `MAX_ARCHIVE_ENTRIES`.
 */
export async function* readZipEntries(
  file: FileHandle,
  path: string,
  meter: UnpackingMeter,
): AsyncGenerator<ZipEntry> {
  let archive: ZipFile
  try {
    archive = await fromFdPromise(file.fd, {
      decodeStrings: false,
      validateEntrySizes: false,
      autoClose: false,
    })
  } catch (error) {
    yield* salvageZipEntries(file, path, meter, describeProblem(error))
    return
  }
  if (archive.entryCount > MAX_ARCHIVE_ENTRIES) throw makeEntryLimitError(path)
  try {
    for (let entry = await readEntry(archive); entry; entry = await readEntry(archive)) {
      const name = decodeName(entry)
      const isEmpty = isEmptyContent(entry.compressedSize, entry.compressionMethod)
      if (isEmpty && name.endsWith('/')) continue
      const reason = isEmpty
        ? EMPTY_ENTRY
        : findZipRefusal(entry.isEncrypted(), name, entry.compressionMethod)
      if (reason !== undefined) {
        yield { kind: 'refused', name, reason }
        continue
      }
      const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true })
      const packed = new FileSource(file, true, fileDataStart, fileDataStart + entry.compressedSize)
      yield* openZipEntry(name, packed, entry.compressionMethod, entry.crc32, meter)
    }
  } catch (error) {
    if (!isDirectoryError(error)) throw error
    yield {
      kind: 'refused',
      name: REST_OF_ARCHIVE,
      reason: `the archive's directory is damaged: ${error.message}`,
    }
  }
}

function decodeName(entry: Entry): string {
  // With `decodeStrings: false` the names are buffers, whatever the types say.
  const raw = (entry.fileNameRaw ?? entry.fileName) as unknown as Buffer
  return getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false)
}

/** yauzl has no error class of its own; ours, and those of whoever takes the entries, have names. */
function isDirectoryError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'Error' && !('code' in error)
}

function describeProblem(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function readEntry(archive: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      archive.removeListener('entry', onEntry)
      archive.removeListener('end', onEnd)
      archive.removeListener('error', onError)
    }
    const onEntry = (entry: Entry): void => {
      stop()
      resolve(entry)
    }
    const onEnd = (): void => {
      stop()
      resolve(undefined)
    }
    const onError = (error: Error): void => {
      stop()
      reject(error)
    }
    archive.on('entry', onEntry)
    archive.on('end', onEnd)
    archive.on('error', onError)
    archive.readEntry()
  })
}
