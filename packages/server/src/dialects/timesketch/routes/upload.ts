import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { listDataPaths } from '../../../data-paths.ts'
import { isNoRoomCode, NO_ROOM_STATUS } from '../../../errors/out-of-room.ts'
import type { AppContext, UserCall } from '../../../http/app-types.ts'
import type { StartedImport } from '../../../import/import-service.ts'
import { Turns } from '../../../services/turns.ts'
import { abort } from '../errors.ts'
import { sendJson } from '../reply.ts'
import { whole } from '../request.ts'
import { noteActivity, type TimesketchRouter } from '../router.ts'
import {
  type ChunkPlace,
  finishChunks,
  MAX_FILE_BYTES,
  readChunkPlace,
  removeStaleChunks,
  writeChunk,
} from '../upload/chunks.ts'
import { readReading } from '../upload/headers-mapping.ts'
import { MAX_PART_BYTES, readUpload, type UploadedPart, type UploadForm } from '../upload/read-upload.ts'
import { flat, one } from '../wire/envelope.ts'
import { toIndexName } from '../wire/index-name.ts'
import { marshalTimeline } from '../wire/timeline.ts'
import { MAX_NAME_LENGTH } from './sketches.ts'

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

/** `/upload/` (Timesketch 20261014: api/v1/resources/upload.py). */
export function routeUpload(router: TimesketchRouter): void {
  const turns = new Turns()
  router.user('POST', '/upload/', (c, call) => upload(c, call, turns), { maxBodyBytes: MAX_PART_BYTES })
}

/** Where chunks become files. */
interface UploadPlace {
  readonly folder: string
  /** Of each file that grows: a chunk that begins it anew must not meet another that is being written. */
  readonly turns: Turns
}

async function upload(c: AppContext, call: UserCall, turns: Turns): Promise<Response> {
  const folder = listDataPaths(call.system.dataDirectory).uploads
  let sketchId: number | undefined
  const allow = async (fields: ReadonlyMap<string, string>): Promise<void> => {
    sketchId ??= await requireSketchOf(call, fields)
  }
  const form = await readUpload(c, folder, allow)
  try {
    await allow(form.fields)
    await noteActivity(call, sketchId!)
    if (form.file) return await takeFile(c, call, form, form.file, sketchId!, { folder, turns })
    if (form.events) return await takeEvents(c, call, form, form.events, sketchId!)
    abort(400, 'Unable to upload data, no file uploaded nor any events.')
  } catch (error) {
    for (const part of [form.file, form.events]) if (part) await rm(part.path, { force: true })
    throw error
  }
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

async function takeFile(
  c: AppContext,
  call: UserCall,
  form: UploadForm,
  part: UploadedPart,
  sketchId: number,
  uploads: UploadPlace,
): Promise<Response> {
  const { fields } = form
  const totalSize = whole(Object.fromEntries(fields), 'total_file_size') ?? 0
  if (totalSize <= 0) abort(400, 'Unable to upload file. File is empty')
  if (totalSize > MAX_FILE_BYTES) {
    abort(413, `Unable to upload file. It has ${totalSize} bytes; at most ${MAX_FILE_BYTES} are taken`)
  }
  const place = readChunkPlace(fields)
  const { stem, extension } = splitName(part.fileName)
  if (!EXTENSIONS.has(extension)) {
    abort(
      400,
      `Unable to upload file. A name that ends in .${extension} is none of: ${[...EXTENSIONS].join(', ')}`,
    )
  }
  const timelineName = readName(fields.get('name') ?? stem)
  const reading = readReading(fields)

  let path = part.path
  if (place) {
    const name = `${call.principal.userId}-${sketchId}-${place.name}.chunks`
    const file = await uploads.turns.take(name, () =>
      takeChunk(join(uploads.folder, name), place, part, totalSize),
    )
    if (file === undefined) return sendChunkTaken(c, place, totalSize)
    path = file
  }

  const dataLabel = fields.get('data_label') ?? ''
  let started: StartedImport
  try {
    started = await call.services.imports.start(call.principal, {
      sketchId,
      timeline: { name: timelineName, ...indexOf(fields), dataLabel: shareLabel(dataLabel || extension) },
      inputs: [{ path, name: part.fileName, isTemporary: true }],
      reading,
      isAnalyzed: !isStreaming(fields),
      dataSource: {
        provider: fields.get('provider') || 'N/A',
        context: fields.get('context') || 'N/A',
        originalFilename: part.fileName,
        dataLabel,
        fileSizeBytes: totalSize,
      },
    })
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  return sendStarted(
    c,
    call,
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

/** Writes a chunk into the file that grows. @returns The file, with the last one. */
async function takeChunk(
  growing: string,
  place: ChunkPlace,
  part: UploadedPart,
  totalSize: number,
): Promise<string | undefined> {
  if (place.index === 0) await removeStaleChunks(dirname(growing), Date.now())
  const size = await writeChunk(growing, place, part, totalSize)
  if (place.index + 1 !== place.totalChunks) return undefined
  if (size !== totalSize) {
    await rm(growing, { force: true })
    abort(
      400,
      `Unable to save file correctly, inconsistent file size (${totalSize} but should have been ${size})`,
    )
  }
  return await finishChunks(growing)
}

/** Whether more of the same is to come: any text but none says so, as in Timesketch. */
function isStreaming(fields: UploadForm['fields']): boolean {
  return Boolean(fields.get('enable_stream'))
}

/** Events are acknowledged when they are durable, so that a client that was answered has lost nothing. */
async function takeEvents(
  c: AppContext,
  call: UserCall,
  form: UploadForm,
  part: UploadedPart,
  sketchId: number,
): Promise<Response> {
  const { fields } = form
  const dataLabel = fields.get('data_label') ?? ''
  const started = await call.services.imports.start(call.principal, {
    sketchId,
    timeline: {
      name: readName(fields.get('name') ?? 'unknown_events'),
      ...indexOf(fields),
      dataLabel: shareLabel(dataLabel || 'jsonl'),
    },
    inputs: [{ path: part.path, name: 'events.jsonl', isTemporary: true }],
    reading: readReading(fields),
    isAnalyzed: !isStreaming(fields),
    dataSource: {
      provider: fields.get('provider') || 'N/A',
      context: fields.get('context') || 'N/A',
      // They were in no file.
      originalFilename: '',
      dataLabel,
      fileSizeBytes: part.sizeBytes,
    },
    keepKnownRows: true,
  })
  const { status, error, errorCode } = await started.ended
  // Nothing of them is stored then: one file of events is kept whole or not at all.
  if (status !== 'done') {
    abort(
      isNoRoomCode(errorCode) ? NO_ROOM_STATUS : status === 'rolled-back' ? 503 : 400,
      `Unable to upload the events. ${error ?? 'They were not stored.'}`,
    )
  }
  return sendStarted(c, call, started, {})
}

async function sendStarted(
  c: AppContext,
  call: UserCall,
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
  if (name.length > MAX_NAME_LENGTH) abort(400, 'Timeline name must not exceed 255 characters.')
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
