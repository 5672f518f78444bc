import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Busboy } from '@fastify/busboy'
import type { AppContext } from '../../../http/app-types.ts'
import { limitBody } from '../../../http/body-limit.ts'
import { openBody } from '../../../http/body-stream.ts'
import { abort } from '../errors.ts'

/** Largest file of one request, in bytes; larger files come in chunks. */
export const MAX_PART_BYTES: number = 8 * 1024 ** 3
/** Largest `events` field, in bytes (Timesketch's MAX_FORM_MEMORY_SIZE). */
const MAX_EVENTS_BYTES = 200 * 1024 ** 2
/** Largest of the other fields, in bytes. */
const MAX_FIELD_BYTES = 1024 ** 2
const MAX_FIELDS = 100
/** So much may wait for the disk, so that it is written in large pieces. */
const WRITE_AHEAD_BYTES = 1024 ** 2

/** A part that was written to disk. Whoever holds it removes it. */
export interface UploadedPart {
  readonly path: string
  /** The file's name as sent; empty for events. */
  readonly fileName: string
  readonly sizeBytes: number
}

/** What an upload brought. */
export interface UploadForm {
  readonly fields: ReadonlyMap<string, string>
  readonly file: UploadedPart | undefined
  readonly events: UploadedPart | undefined
}

/**
 * Reads a form and puts its big parts into files of `folder`, at constant memory. Parts may come in any order.
 *
 * @param allow - Asked once, with the fields that are known: before the first byte of a file is written when they tell what it is
 *   for (`sketch_id`), else at the end of the form. Refuses by throwing.
 * @throws {WireError} 400 for a form that cannot be read, 413 for one that is too large; nothing is left behind.
 */
export async function readUpload(
  c: AppContext,
  folder: string,
  allow: (fields: ReadonlyMap<string, string>) => Promise<void>,
): Promise<UploadForm> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const type = c.req.header('content-type') ?? ''
  if (type.startsWith('multipart/form-data')) return readMultipart(c, type, folder, allow)
  if (!type.startsWith('application/x-www-form-urlencoded'))
    return { fields: new Map(), file: undefined, events: undefined }
  limitBody(c, MAX_EVENTS_BYTES + MAX_FIELD_BYTES)
  const fields = new Map<string, string>()
  for (const [name, value] of Object.entries(await c.req.parseBody())) {
    if (typeof value === 'string') fields.set(name, value)
  }
  const events = fields.get('events')
  fields.delete('events')
  if (events === undefined) return { fields, file: undefined, events: undefined }
  if (Buffer.byteLength(events) > MAX_EVENTS_BYTES) abort(413, tooLarge('events', MAX_EVENTS_BYTES))
  await allow(fields)
  const path = join(folder, `${randomUUID()}.events`)
  await writeFile(path, events, { mode: 0o600 })
  return { fields, file: undefined, events: { path, fileName: '', sizeBytes: Buffer.byteLength(events) } }
}

async function readMultipart(
  c: AppContext,
  contentType: string,
  folder: string,
  allow: (fields: ReadonlyMap<string, string>) => Promise<void>,
): Promise<UploadForm> {
  const fields = new Map<string, string>()
  const parts = new Map<'file' | 'events', UploadedPart>()
  const writing: Promise<void>[] = []
  const written: string[] = []
  let allowed: Promise<void> | undefined
  let refusal: unknown

  const busboy = new Busboy({
    headers: { 'content-type': contentType },
    fileHwm: WRITE_AHEAD_BYTES,
    // The importer sends events as a part without a file name; they are as large as files.
    isPartAFile: (name, _type, fileName) => fileName !== undefined || name === 'events',
    limits: { fieldSize: MAX_FIELD_BYTES, fields: MAX_FIELDS, fileSize: MAX_PART_BYTES, files: 2 },
  })
  busboy.on('field', (name, value, _nameTruncated, valueTruncated) => {
    if (valueTruncated) refusal ??= new Error(tooLarge(`field ${name}`, MAX_FIELD_BYTES))
    fields.set(name, value)
  })
  busboy.on('file', (name, stream, fileName) => {
    if ((name !== 'file' && name !== 'events') || refusal !== undefined) {
      stream.resume()
      return
    }
    const path = join(folder, `${randomUUID()}.${name}`)
    written.push(path)
    // A file that comes before the sketch it is for waits on disk, within the same limits.
    if (fields.has('sketch_id')) allowed ??= allow(fields)
    const work = (allowed ?? Promise.resolve()).then(async () => {
      await pipeline(
        stream,
        createWriteStream(path, { mode: 0o600, flags: 'wx', highWaterMark: WRITE_AHEAD_BYTES }),
      )
      const limit = name === 'events' ? MAX_EVENTS_BYTES : MAX_PART_BYTES
      if (stream.truncated || stream.bytesRead > limit) abort(413, tooLarge(name, limit))
      parts.set(name, {
        path,
        fileName: name === 'file' ? (fileName ?? '') : '',
        sizeBytes: stream.bytesRead,
      })
    })
    writing.push(
      work.catch((error: unknown) => {
        refusal ??= error
        stream.resume()
      }),
    )
  })

  const body = openBody(c)
  if (body === undefined) abort(400, 'Unable to read the form: the request has no body.')
  try {
    await pipeline(body, busboy)
    await Promise.all(writing)
    if (refusal === undefined && parts.size > 0) await (allowed ?? allow(fields))
  } catch (error) {
    refusal ??= error
  }
  if (refusal !== undefined) {
    await Promise.all(written.map((path) => rm(path, { force: true })))
    if (refusal instanceof Error && 'status' in refusal) throw refusal
    if (refusal instanceof Error && 'kind' in refusal) throw refusal
    abort(400, `Unable to read the form: ${refusal instanceof Error ? refusal.message : String(refusal)}`)
  }
  return { fields, file: parts.get('file'), events: parts.get('events') }
}

function tooLarge(what: string, limit: number): string {
  return `Unable to upload data: the ${what} is larger than ${limit} bytes.`
}
