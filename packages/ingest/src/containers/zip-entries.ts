import type { Buffer } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'
import { type Entry, fromFdPromise, getFileNameLowLevel, type ZipFile } from 'yauzl'
import type { UnpackingMeter } from './archive-limits.ts'
import type { ByteSource } from './byte-source.ts'
import { type ContainerEntry, refuseEmpty, refuseSpecial, refuseUnreadable } from './container-entry.ts'
import { FileSource } from './file-source.ts'
import { salvageZipEntries } from './salvage-zip.ts'
import { findZipRefusal, isEmptyContent, openZipEntry } from './zip-entry.ts'

/**
 * Goes through the entries of a zip archive in the order of its directory. Folders are passed over. Names
 * are for people only and are never used as paths; those that would lead out of a folder are refused all the same, since
 * somebody meant harm.
 *
 * An archive that is cut off has no directory, since it stands at the end: then the entries are found by their headers, as are those
 * behind an entry of the directory that is damaged.
 *
 * @param file - Stays open.
 * @param onRead - Told of the packed bytes of each read.
 * @throws {ArchiveLimitError} When there are more entries than `MAX_ARCHIVE_ENTRIES`.
 */
export async function* readZipEntries(
  file: FileHandle,
  path: string,
  meter: UnpackingMeter,
  onRead: (bytesRead: number) => void = () => {},
): AsyncGenerator<ContainerEntry> {
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
  meter.addEntries(archive.entryCount)
  const known = new Map<number, number>()
  let countedEntries = archive.entryCount
  try {
    for (let entry = await readEntry(archive); entry; entry = await readEntry(archive)) {
      countedEntries--
      const name = decodeName(entry)
      const { relativeOffsetOfLocalHeader: start, fileNameLength, compressedSize } = entry
      known.set(start, Math.min(start + fileNameLength + compressedSize, Number.MAX_SAFE_INTEGER))
      const isEmpty = isEmptyContent(entry.compressedSize, entry.compressionMethod)
      if (isEmpty && name.endsWith('/')) continue
      if (isSymbolicLink(entry)) {
        yield refuseSpecial(name, 'symbolic-link')
        continue
      }
      if (isEmpty) {
        yield refuseEmpty(name)
        continue
      }
      const reason = findZipRefusal(entry.isEncrypted(), name, entry.compressionMethod)
      if (reason !== undefined) {
        yield refuseUnreadable(name, reason)
        continue
      }
      const fileDataStart = await findContent(archive, entry)
      if (typeof fileDataStart === 'string') {
        yield refuseUnreadable(name, fileDataStart)
        continue
      }
      const openPacked = (): ByteSource =>
        new FileSource(file, true, fileDataStart, fileDataStart + entry.compressedSize, onRead)
      const facts = {
        name,
        method: entry.compressionMethod,
        checksum: entry.crc32,
        sizeBytes: entry.uncompressedSize,
        changedUs: readChangeTime(entry),
        packedBytes: entry.compressedSize,
        openPacked,
      }
      yield* openZipEntry(facts, meter.forEntry(`${path}!${name}`))
    }
  } catch (error) {
    if (!isDirectoryError(error)) throw error
    const problem = `its directory is damaged: ${error.message}`
    yield* salvageZipEntries(file, path, meter, problem, { known, countedEntries })
  }
}

/** Made by Unix (PKWARE APPNOTE 4.4.2), which keeps a file's mode in the upper half of the external attributes. */
const HOST_UNIX = 3
const MODE_TYPE = 0xf000
const MODE_SYMBOLIC_LINK = 0xa000

function isSymbolicLink({ versionMadeBy, externalFileAttributes }: Entry): boolean {
  return (
    versionMadeBy >> 8 === HOST_UNIX && ((externalFileAttributes >>> 16) & MODE_TYPE) === MODE_SYMBOLIC_LINK
  )
}

/** Where an entry's packed bytes begin, or why that is not known. */
async function findContent(archive: ZipFile, entry: Entry): Promise<number | string> {
  try {
    return (await archive.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart
  } catch (error) {
    if (!isDirectoryError(error)) throw error
    return `the header in front of it is damaged: ${error.message}`
  }
}

function decodeName(entry: Entry): string {
  // With `decodeStrings: false` the names are buffers, whatever the types say.
  const raw = (entry.fileNameRaw ?? entry.fileName) as unknown as Buffer
  return getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false)
}

/** A zip's own times have no zone and even seconds only; where a tool wrote a time in UTC beside, that one counts. */
function readChangeTime(entry: Entry): number | undefined {
  const timeMs = entry.getLastModDate({ timezone: 'UTC' }).getTime()
  return Number.isFinite(timeMs) ? timeMs * 1000 : undefined
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
