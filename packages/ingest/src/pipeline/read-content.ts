import type { FileHandle } from 'node:fs/promises'
import type { FileAccount } from '@timeskein/model'
import { ArchiveLimitError, MAX_CONTAINER_DEPTH, UnpackingMeter } from '../containers/archive-limits.ts'
import { PeekableSource } from '../containers/byte-source.ts'
import {
  type ContainerEntry,
  type EntryFile,
  nameEntry,
  type OpenedContent,
} from '../containers/container-entry.ts'
import { FileSource } from '../containers/file-source.ts'
import { readFolderEntries } from '../containers/folder-entries.ts'
import { HashingSource } from '../containers/hashing-source.ts'
import { spoolToFile } from '../containers/open-input.ts'
import { readTarEntries } from '../containers/tar-entries.ts'
import { UnpackedSource } from '../containers/unpacked-source.ts'
import { readZipEntries } from '../containers/zip-entries.ts'
import { CONTAINER_HEAD_BYTES, detectContainer } from '../detect/magic-numbers.ts'
import { isUnknownFormatError, UnknownFormatError } from '../detect/unknown-format-error.ts'
import type { CollectedHost } from '../triage/collection.ts'
import { surveyContainer } from '../triage/survey-container.ts'
import { Belongings } from './belongings.ts'
import { type EvidencePlace, placeFile } from './evidence-plan.ts'
import { namePlaces } from './name-places.ts'
import { Neighbours } from './neighbours.ts'
import type { ReadItem, StretchExecutor } from './read-item.ts'
import type { ReadOptions } from './read-options.ts'
import { RefusedFiles, toRefusal } from './refused-files.ts'

/** Some bytes that are a file or hold files. */
export interface Content {
  readonly path: string
  readonly source: PeekableSource
  /** Opens it once more, and counts what is unpacked for that in the meter; left out where its bytes come only once. */
  readonly reopen?: (meter: UnpackingMeter, onRead: (bytesRead: number) => void) => OpenedContent
  /** The file whose bytes these are, from first to last. */
  readonly file?: FileHandle | undefined
}

/** What holds for a content and all that is in it. */
export interface ReadContext {
  readonly options: ReadOptions
  readonly executor: StretchExecutor<unknown>
  /** Where the file stands. */
  readonly place: EvidencePlace
  readonly meter: UnpackingMeter
  /** Containers around it. */
  readonly depth: number
  /** The host it was collected from, as far as what it was found in says so. */
  readonly host?: CollectedHost | undefined
  readonly isContained: boolean
  /** Bytes of the file, or of what it is packed in, as the container that it was found in says. */
  readonly sizeBytes?: number | undefined
  /** The archive on disk that it was found in. */
  readonly archive?: NonNullable<FileAccount['archive']>
  /** SHA-256 of the file as it stands on disk or in its archive; reads what is left of it. */
  readonly finishHash: () => Promise<string>
  /** Told of the bytes of the input that are read, as they stand on disk. */
  readonly advance: (bytesRead: number) => void
  /** Reads a file that is no container. */
  readonly readFile: (
    path: string,
    source: PeekableSource,
    context: ReadContext,
  ) => AsyncGenerator<ReadItem<unknown>>
}

/** Goes through the files of a container from the first; as often as asked. */
type OpenEntries = (
  meter: UnpackingMeter,
  onRead: (bytesRead: number) => void,
) => AsyncGenerator<ContainerEntry>

const TELL_NOBODY = (): void => {}

/** Reads a file, or the files in it, whatever containers are around them. */
export async function* readContent(
  content: Content,
  context: ReadContext,
): AsyncGenerator<ReadItem<unknown>> {
  const { path, source } = content
  const container = detectContainer(await source.peek(CONTAINER_HEAD_BYTES))
  if (container === undefined) {
    yield* context.readFile(path, source, context)
    return
  }
  if (context.depth >= MAX_CONTAINER_DEPTH) {
    const detail = `expected at most ${MAX_CONTAINER_DEPTH} containers inside of one another, found a ${container} archive in these; unpack it first`
    throw new ArchiveLimitError(path, 'MAX_CONTAINER_DEPTH', detail, 'entry')
  }
  const inner = { ...context, depth: context.depth + 1 }
  switch (container) {
    case 'zip':
      yield* readZip(content, inner)
      break
    case 'tar':
      yield* readTar(content, inner)
      break
    case 'gzip':
    case 'zstd':
      yield* readPacked(content, container, inner)
      break
    default:
      container satisfies never
  }
}

/**
 * Reads the files below a folder.
 *
 * @param path - Where it is.
 * @param name - What people know it by; ends in a slash.
 */
export async function* readFolder(
  path: string,
  name: string,
  context: ReadContext,
): AsyncGenerator<ReadItem<unknown>> {
  const openEntries: OpenEntries = (meter, onRead) => readFolderEntries(path, meter, onRead)
  yield* readEntries(name, 'folder', openEntries, { ...context, depth: context.depth + 1 })
}

async function* readPacked(
  { path, source, reopen }: Content,
  packing: 'gzip' | 'zstd',
  context: ReadContext,
): AsyncGenerator<ReadItem<unknown>> {
  const unpacked = new UnpackedSource(source, packing, context.meter)
  const unpackAgain: Content['reopen'] =
    reopen &&
    ((meter, onRead) => {
      const packed = reopen(meter, onRead)
      return openPacked(packed, new UnpackedSource(packed.source, packing, meter))
    })
  const { changedUs } = context.place
  try {
    yield* readContent(
      {
        path,
        source: new PeekableSource(unpacked),
        ...(unpackAgain === undefined ? {} : { reopen: unpackAgain }),
      },
      { ...context, place: changedUs === undefined ? {} : { changedUs } },
    )
  } finally {
    unpacked.close()
  }
}

function openPacked(packed: OpenedContent, source: UnpackedSource): OpenedContent {
  return {
    source,
    close() {
      source.close()
      packed.close()
    },
  }
}

async function* readZip(content: Content, context: ReadContext): AsyncGenerator<ReadItem<unknown>> {
  const { path, source } = content
  await using spooled = content.file
    ? undefined
    : await spoolToFile(source, path, context.options.spoolDirectory)
  const file = content.file ?? spooled!.file
  const archive = await describeArchive(path, context)
  context.meter.addPacked((await file.stat()).size)
  const openEntries: OpenEntries = (meter, onRead) => readZipEntries(file, path, meter, onRead)
  yield* readEntries(path, 'zip archive', openEntries, { ...context, ...(archive ? { archive } : {}) })
}

async function* readTar(content: Content, context: ReadContext): AsyncGenerator<ReadItem<unknown>> {
  const { path, source } = content
  await using spooled = content.reopen
    ? undefined
    : await spoolToFile(source, path, context.options.spoolDirectory)
  const archive = await describeArchive(path, context)
  const reopen = content.reopen ?? ((_meter, onRead) => reopenFile(spooled!.file, onRead))
  const file = content.file ?? spooled?.file
  if (file) context.meter.addPacked((await file.stat()).size)
  const openAt = file && ((start: number, end: number) => new FileSource(file, true, start, end))
  const openEntries: OpenEntries = async function* (meter, onRead) {
    const opened = reopen(meter, onRead)
    try {
      yield* readTarEntries(opened.source, meter, openAt)
    } finally {
      opened.close()
    }
  }
  yield* readEntries(path, 'tar archive', openEntries, { ...context, ...(archive ? { archive } : {}) })
}

/** A file that can be read at any place, once more from its first byte. */
export function reopenFile(file: FileHandle, onRead: (bytesRead: number) => void): OpenedContent {
  return { source: new FileSource(file, true, 0, undefined, onRead), close() {} }
}

/** The archive that stands on disk: the outermost one. A folder that came as a tar archive is none. */
async function describeArchive(
  path: string,
  { archive, options, finishHash }: ReadContext,
): Promise<ReadContext['archive']> {
  if (archive || path.endsWith('/')) return archive
  return { path, sha256: options.beginningOnly ? '' : await finishHash() }
}

async function* readEntries(
  path: string,
  kind: string,
  openEntries: OpenEntries,
  context: ReadContext,
): AsyncGenerator<ReadItem<unknown>> {
  const { meter, advance } = context
  const openPass = (): AsyncGenerator<ContainerEntry> => openEntries(meter.forPass(), TELL_NOBODY)
  const belongings = new Belongings()
  const neighbours = new Neighbours(path, belongings, openPass, meter.forPass())
  const collection = await surveyContainer(belongings.noteAll(openPass()), path, context.host)
  const placeOf = namePlaces(belongings.names)
  const refused = new RefusedFiles(belongings)
  let filesRead = 0
  try {
    for await (const entry of openEntries(meter, advance)) {
      context.options.signal?.throwIfAborted()
      const entryPath = nameEntry(path, entry.name)
      const { name } = entry
      if (entry.kind === 'refused') {
        const { reason, refusal, isEmpty = false } = entry
        yield* refused.tell(
          name,
          { kind: 'refused', path: entryPath, reason, refusal, isBegun: false },
          isEmpty,
        )
        continue
      }
      let isBegun = false
      let format = ''
      try {
        const inside = nameInside(context.place, placeOf(name))
        const place = { inside, openBeside: neighbours.openerFor(name) }
        const inner = { ...context, host: collection.hostOf(name), place }
        for await (const item of readEntry(entryPath, entry, inner)) {
          if (item.kind === 'file') {
            isBegun = true
            format = item.format
          } else if (item.kind === 'refused') refused.note(item.path, item)
          else if (item.kind === 'end') {
            filesRead++
            isBegun = false
            belongings.noteRead(name, format)
          }
          yield item
        }
      } catch (error) {
        const item = toRefusal(error, entryPath, isBegun, context.options.signal)
        if (!item) throw error
        yield* refused.tell(name, item, isUnknownFormatError(error))
      }
    }
  } catch (error) {
    yield* refused.tellWaiting()
    throw error
  }
  yield* refused.tellWaiting()
  if (filesRead === 0 && context.depth === 1) {
    const found = refused.reasons.slice(0, 3).join('; ') || 'no entry with any content'
    throw new UnknownFormatError(path, `a ${kind} with nothing that can be read in it (${found})`)
  }
}

function nameInside({ inside }: EvidencePlace, name: string): string {
  return inside === undefined ? name : nameEntry(inside, name)
}

/** @param context - Its `place` is what is known of where the entry stands. */
async function* readEntry(
  path: string,
  entry: EntryFile,
  context: ReadContext,
): AsyncGenerator<ReadItem<unknown>> {
  const { changedUs, sizeBytes, reopen, file, filePath } = entry
  const hashing = new HashingSource(entry.source)
  const content: Content = {
    path,
    source: new PeekableSource(hashing),
    ...(reopen === undefined ? {} : { reopen: (meter) => reopen(meter.forEntry(path)) }),
    file,
  }
  yield* readContent(content, {
    ...context,
    isContained: true,
    sizeBytes,
    meter: file ? new UnpackingMeter(path) : context.meter.forEntry(path),
    place: {
      ...(changedUs === undefined ? {} : { changedUs }),
      ...context.place,
      ...(filePath === undefined ? {} : placeFile(filePath)),
    },
    finishHash: () => hashing.finish(),
  })
}
