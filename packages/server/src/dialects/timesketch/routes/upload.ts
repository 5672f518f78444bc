import { readFile, rm } from 'node:fs/promises'
import { listDataPaths } from '../../../data-paths.ts'
import { isNoRoomCode, NO_ROOM_STATUS } from '../../../errors/out-of-room.ts'
import type { AppContext, DialectDeps, UserCall } from '../../../http/app-types.ts'
import type { ExpectedImport, ImportRequest, StartedImport } from '../../../import/import-service.ts'
import { isNameTooLong } from '../../../services/names.ts'
import { abort } from '../errors.ts'
import { sendJson } from '../reply.ts'
import { whole } from '../request.ts'
import { noteActivity, type TimesketchRouter } from '../router.ts'
import { type ChunkPlace, isPlaceKnown, readChunkPlace, readTotalSize } from '../upload/chunk-place.ts'
import type { GrowingChunk } from '../upload/growing-chunk.ts'
import { GrowingFiles } from '../upload/growing-files.ts'
import { readReading } from '../upload/headers-mapping.ts'
import { discardPart, MAX_PART_BYTES, readUpload, type UploadedPart } from '../upload/read-upload.ts'
import { readBootMark } from '../upload/stretches.ts'
import { syncFile } from '../upload/sync-file.ts'
import { flat, one } from '../wire/envelope.ts'
import { toIndexName } from '../wire/index-name.ts'
import { nameHeadersMapping } from '../wire/mapping-words.ts'
import { marshalTimeline } from '../wire/timeline.ts'

/** Endings of file names that are taken; what is in the file says how it is read. */
const EXTENSIONS: ReadonlySet<string> = new Set([
  'csv',
  'tsv',
  'json',
  'jsonl',
  'ndjson',
  'log',
  'evtx',
  'plaso',
  'gz',
  'zst',
  'zip',
  'tar',
  'tgz',
])

/** Events of a request up to this size are imported before it is answered, which takes some tenths of a second. */
export const MAX_AWAITED_BYTES: number = 1024 * 1024
/** Longest text of events that is looked at for whether there are any. */
const MAX_BLANK_BYTES = 1024

/** `/upload/` (Timesketch 20261014: api/v1/resources/upload.py). */
export function routeUpload(router: TimesketchRouter, { system }: Pick<DialectDeps, 'system'>): void {
  const folder = listDataPaths(system.dataDirectory).uploads
  const growing = new GrowingFiles(folder, readBootMark())
  const handle = (c: AppContext, call: UserCall): Promise<Response> => upload(c, call, folder, growing)
  router.user('POST', '/upload/', handle, { maxBodyBytes: MAX_PART_BYTES })
}

async function upload(
  c: AppContext,
  call: UserCall,
  folder: string,
  growing: GrowingFiles,
): Promise<Response> {
  let sketchId: number | undefined
  const allow = async (fields: ReadonlyMap<string, string>): Promise<void> => {
    if (sketchId !== undefined) return
    sketchId = await requireSketchOf(call, fields)
    call.services.imports.expect(measureUpload(c, fields))
  }
  const openChunk: OpenChunk = async (fields, place) =>
    await growing.begin(`${call.principal.userId}-${sketchId}-${place.name}`, place, readTotalSize(fields))
  const form = await readUpload(c, folder, {
    allow,
    async findPlace(fields) {
      const place = isPlaceKnown(fields) ? readChunkPlace(fields) : undefined
      return place && (await openChunk(fields, place))
    },
  })
  const held = new Set([form.file, form.events].filter((part) => part !== undefined))
  try {
    await allow(form.fields)
    await noteActivity(call, sketchId!)
    const taking = { c, call, fields: form.fields, sketchId: sketchId!, held, openChunk }
    if (form.file) return await takeFile(taking, form.file)
    if (form.events) return await takeEvents(taking, form.events)
    return abort(400, 'Unable to upload data, no file uploaded nor any events.')
  } finally {
    for (const part of held) await discardPart(part)
  }
}

/** How much an upload brings, as far as what has come of it tells: what it says of itself is checked when all of it is there. */
function measureUpload(c: AppContext, fields: ReadonlyMap<string, string>): ExpectedImport {
  const requestBytes = Number(c.req.header('content-length') ?? 0)
  const sizeBytes = Number(fields.get('total_file_size') ?? requestBytes)
  return { sizeBytes, bytesToCome: sizeBytes - Number(fields.get('chunk_byte_offset') ?? 0) }
}

/** Opens the place of a chunk in the file that grows. */
type OpenChunk = (fields: ReadonlyMap<string, string>, place: ChunkPlace) => Promise<GrowingChunk>

/** An upload that was read. */
interface Taking {
  readonly c: AppContext
  readonly call: UserCall
  readonly fields: ReadonlyMap<string, string>
  readonly sketchId: number
  /** Parts that no import has taken: discarded in the end. */
  readonly held: Set<UploadedPart>
  readonly openChunk: OpenChunk
}

/** The sketch of the form, if the caller may write to it. */
async function requireSketchOf(call: UserCall, fields: ReadonlyMap<string, string>): Promise<number> {
  const sketchId = whole(Object.fromEntries(fields), 'sketch_id')
  if (!sketchId) abort(400, 'Unable to upload data without supplying a sketch to associated it with.')
  const sketch = await call.services.access.requireSketch(call.principal, sketchId, 'read')
  const permissions = await call.services.access.sketchPermissions(call.principal, sketchId)
  if (!permissions.write) {
    abort(403, 'Unable to upload data to a sketch, user does not have write access.')
  }
  if (sketch.status === 'archived') abort(400, 'Unable to upload a file to an archived sketch.')
  return sketchId
}

async function takeFile(taking: Taking, part: UploadedPart): Promise<Response> {
  const { c, fields, openChunk } = taking
  const totalSize = readTotalSize(fields)
  const place = readChunkPlace(fields)
  const { stem, extension } = splitName(part.fileName)
  if (!EXTENSIONS.has(extension)) {
    abort(
      400,
      `Unable to upload file. A name that ends in .${extension} is none of: ${[...EXTENSIONS].join(', ')}`,
    )
  }
  const timelineName = readName(fields.get('name') ?? stem)
  if (place === undefined && part.sizeBytes !== totalSize) {
    abort(
      400,
      `Unable to upload file. ${totalSize} bytes of it were expected (total_file_size), ${part.sizeBytes} came`,
    )
  }
  const reading = readReading(fields)

  const path = await takeContent(part, place && (() => openChunk(fields, place)))
  if (path === undefined) return sendChunkTaken(c, place!, totalSize)

  const dataLabel = fields.get('data_label') ?? ''
  const started = await startImport(taking, part, {
    timeline: { name: timelineName, ...indexOf(fields), dataLabel: shareLabel(dataLabel || extension) },
    inputs: [{ path, name: part.fileName, isTemporary: true }],
    reading,
    dataSource: { originalFilename: part.fileName, dataLabel, fileSizeBytes: totalSize },
  })
  return sendStarted(
    taking,
    started,
    place === undefined
      ? {}
      : {
          file_upload: true,
          upload_complete: true,
          file_size: totalSize,
          total_chunks: place.totalChunks,
        },
  )
}

/** Starts an import of what was uploaded, which is the import's from then on. */
async function startImport(
  { call, fields, sketchId, held }: Taking,
  part: UploadedPart,
  request: Omit<ImportRequest, 'sketchId' | 'moreFollows'>,
): Promise<StartedImport> {
  try {
    const started = await call.services.imports.start(call.principal, {
      ...request,
      sketchId,
      moreFollows: isStreaming(fields),
      dataSource: {
        provider: fields.get('provider') || 'N/A',
        context: fields.get('context') || 'N/A',
        ...request.dataSource,
      },
    })
    held.delete(part)
    return started
  } catch (error) {
    for (const input of request.inputs) if ('path' in input) await rm(input.path, { force: true })
    throw error
  }
}

/**
 * Takes what was uploaded as the caller's to remove.
 *
 * @param openChunk - Undefined for a whole file.
 * @returns The file; undefined while more chunks of it are to come.
 */
async function takeContent(
  { content, sizeBytes }: UploadedPart,
  openChunk: (() => Promise<GrowingChunk>) | undefined,
): Promise<string | undefined> {
  if ('chunk' in content) return await content.chunk.take(sizeBytes)
  if (openChunk === undefined) return content.path
  const chunk = await openChunk()
  await chunk.move(content.path)
  return await chunk.take(sizeBytes)
}

/** Whether more of the same is to come: any text but none says so, as in Timesketch. */
function isStreaming(fields: ReadonlyMap<string, string>): boolean {
  return Boolean(fields.get('enable_stream'))
}

/**
 * Events are acknowledged when nothing of them can be lost any more: few when they are stored, and can be searched; many when they and
 * the word that they are to be imported are on the disk, so that a client makes its next piece meanwhile. Timesketch imports all of them
 * behind the answer.
 */
async function takeEvents(taking: Taking, part: UploadedPart): Promise<Response> {
  const { call, fields } = taking
  const dataLabel = fields.get('data_label') ?? ''
  const path = await takeContent(part, undefined)
  const isMuch = part.sizeBytes > MAX_AWAITED_BYTES
  if (part.sizeBytes <= MAX_BLANK_BYTES && (await readFile(path!, 'utf8')).trim() === '') {
    await rm(path!, { force: true })
    abort(400, 'Unable to upload the events: there are none, the text has nothing but blanks and line ends.')
  }
  if (isMuch) await syncFile(path!)
  const started = await startImport(taking, part, {
    timeline: {
      name: readName(fields.get('name') ?? 'unknown_events'),
      ...indexOf(fields),
      dataLabel: shareLabel(dataLabel || 'jsonl'),
    },
    inputs: [{ path: path!, name: 'events.jsonl', isTemporary: true }],
    reading: readReading(fields),
    // They were in no file.
    dataSource: { originalFilename: '', dataLabel, fileSizeBytes: part.sizeBytes },
    keepKnownRows: true,
    // Of much the timeline tells what became of it, of little the answer.
    ...(isMuch ? { accept: { signal: call.signal } } : { leavesNoEmptyTimeline: true }),
  })
  if (isMuch) return sendStarted(taking, started, {})
  const { status, error, errorCode } = await started.ended
  // Nothing of them is stored then: one file of events is kept whole or not at all.
  if (status !== 'done') {
    abort(
      isNoRoomCode(errorCode) ? NO_ROOM_STATUS : status === 'rolled-back' ? 503 : 400,
      `Unable to upload the events. ${nameHeadersMapping(error ?? 'They were not stored.')}`,
    )
  }
  return sendStarted(taking, started, {})
}

async function sendStarted(
  { c, call }: Taking,
  started: StartedImport,
  meta: Readonly<Record<string, unknown>>,
): Promise<Response> {
  const timeline = (await call.services.timelines.find(started.timeline.id)) ?? started.timeline
  return sendJson(c, one(marshalTimeline(timeline), { ...meta, task_id: started.job.id }), 201)
}

function sendChunkTaken(c: AppContext, place: ChunkPlace, totalSize: number): Response {
  return sendJson(
    c,
    flat([], {
      file_upload: true,
      upload_complete: false,
      total_chunks: place.totalChunks,
      chunk_index: place.index,
      file_size: totalSize,
    }),
    201,
  )
}

function readName(name: string): string {
  if (name === '' || name === 'null') abort(400, 'Timeline name cannot be empty.')
  if (isNameTooLong(name)) abort(400, 'Timeline name must not exceed 255 characters.')
  return name
}

function indexOf(fields: ReadonlyMap<string, string>): { indexName?: string } {
  const name = fields.get('index_name')
  return name ? { indexName: toIndexName(name) } : {}
}

/** The label by which uploads share an index; the three text formats are one. */
function shareLabel(label: string): string {
  return label === 'csv' || label === 'json' || label === 'jsonl' ? 'csv_jsonl' : label
}

function splitName(fileName: string): { stem: string; extension: string } {
  const dot = fileName.lastIndexOf('.')
  if (dot <= 0) return { stem: fileName, extension: '' }
  return { stem: fileName.slice(0, dot), extension: fileName.slice(dot + 1).toLowerCase() }
}
