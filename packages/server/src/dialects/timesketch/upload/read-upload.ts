import { randomUUID } from 'node:crypto'
import { mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import { isDomainError } from '../../../errors/domain-error.ts'
import { isOutOfRoom } from '../../../errors/out-of-room.ts'
import type { AppContext } from '../../../http/app-types.ts'
import { limitBody } from '../../../http/body-limit.ts'
import { openBody } from '../../../http/body-stream.ts'
import { abort } from '../errors.ts'
import { FileWriter, WRITE_AHEAD_BYTES } from './file-writer.ts'
import type { GrowingChunk } from './growing-chunk.ts'

/** Largest file of one request, in bytes; larger files come in chunks. */
export const MAX_PART_BYTES: number = 8 * 1024 ** 3
/** Largest `events` field, in bytes (Timesketch's MAX_FORM_MEMORY_SIZE). */
const MAX_EVENTS_BYTES = 200 * 1024 ** 2
/** Largest of the other fields, in bytes. */
const MAX_FIELD_BYTES = 1024 ** 2
const MAX_FIELDS = 100

/** A part that was written to disk. Whoever holds it discards what it was written to. */
export interface UploadedPart {
  /** A file of its own, or its place in one that grows. */
  readonly content: { readonly path: string } | { readonly chunk: GrowingChunk }
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

/** What is asked of an upload while it is read, with the fields that have come. Refuses by throwing. */
export interface UploadRules {
  /**
   * Asked before the first byte of a file is written when the fields tell what it is for (`sketch_id`), and at the end of every form
   * that has a file.
   */
  allow(fields: ReadonlyMap<string, string>): Promise<void>
  /** The place of a file in one that grows; undefined where the fields do not tell one. Asked after `allow`. */
  findPlace(fields: ReadonlyMap<string, string>): Promise<GrowingChunk | undefined>
}

/**
 * Reads a form and puts its big parts into files of `folder`, at constant memory. Parts may come in any order.
 *
 * @throws {WireError} 400 for a form that cannot be read, 413 for one that is too large; nothing is left behind.
 */
export async function readUpload(c: AppContext, folder: string, rules: UploadRules): Promise<UploadForm> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const type = c.req.header('content-type') ?? ''
  if (type.startsWith('multipart/form-data')) return readMultipart(c, type, folder, rules)
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
  await rules.allow(fields)
  const path = join(folder, `${randomUUID()}.events`)
  await writeFile(path, events, { mode: 0o600 })
  const content = { path }
  return { fields, file: undefined, events: { content, fileName: '', sizeBytes: Buffer.byteLength(events) } }
}

/** Removes what a part was written to. */
export async function discardPart({ content }: Pick<UploadedPart, 'content'>): Promise<void> {
  if ('chunk' in content) await content.chunk.discard()
  else await rm(content.path, { force: true })
}

async function readMultipart(
  c: AppContext,
  contentType: string,
  folder: string,
  rules: UploadRules,
): Promise<UploadForm> {
  const fields = new Map<string, string>()
  const parts = new Map<'file' | 'events', UploadedPart>()
  const writing = new Map<'file' | 'events', Promise<void>>()
  const written: UploadedPart['content'][] = []
  const stop = new AbortController()
  let refusal: unknown

  const openContent = async (name: 'file' | 'events'): Promise<UploadedPart['content']> => {
    // A file that comes before the sketch it is for waits on disk, within the same limits.
    const isAllowed = fields.has('sketch_id')
    if (isAllowed) await rules.allow(fields)
    const chunk = isAllowed && name === 'file' ? await rules.findPlace(fields) : undefined
    const content = chunk ? { chunk } : { path: join(folder, `${randomUUID()}.${name}`) }
    written.push(content)
    return content
  }
  const write = async (
    name: 'file' | 'events',
    stream: BusboyFileStream,
    fileName: string,
  ): Promise<void> => {
    const content = await openContent(name)
    const [target, signal] =
      'chunk' in content
        ? [content.chunk.write(), AbortSignal.any([stop.signal, content.chunk.signal])]
        : [new FileWriter(await open(content.path, 'wx', 0o600)), stop.signal]
    try {
      await pipeline(stream, target, { signal })
    } catch (error) {
      // Given up for another: its refusal says so.
      if ('chunk' in content) content.chunk.signal.throwIfAborted()
      throw error
    }
    const limit = name === 'events' ? MAX_EVENTS_BYTES : MAX_PART_BYTES
    if (stream.truncated || stream.bytesRead > limit) abort(413, tooLarge(name, limit))
    parts.set(name, { content, fileName, sizeBytes: stream.bytesRead })
  }

  const busboy = openForm(contentType)
  busboy.on('fieldsLimit', () => {
    refusal ??= new Error(`expected at most ${MAX_FIELDS} fields, found more`)
  })
  busboy.on('field', (name, value, _nameTruncated, valueTruncated) => {
    if (valueTruncated) refusal ??= new Error(tooLarge(`field ${name}`, MAX_FIELD_BYTES))
    fields.set(name, value)
  })
  busboy.on('file', (name, stream, fileName) => {
    // A form that breaks off says so here too, perhaps before anybody reads this part or after; its reading has failed by itself.
    stream.on('error', () => {})
    if ((name === 'file' || name === 'events') && writing.has(name))
      refusal ??= new Error(`expected one part named ${name}, found two`)
    if ((name !== 'file' && name !== 'events') || refusal !== undefined) {
      stream.resume()
      return
    }
    const work = write(name, stream, name === 'file' ? (fileName ?? '') : '').catch((error: unknown) => {
      refusal ??= error
      stream.resume()
    })
    writing.set(name, work)
  })

  const body = openBody(c)
  if (body === undefined) abort(400, 'Unable to read the form: the request has no body.')
  try {
    await pipeline(body, busboy)
    await Promise.all(writing.values())
    if (refusal === undefined && parts.size > 0) await rules.allow(fields)
  } catch (error) {
    refusal ??= error
  }
  if (refusal !== undefined) {
    // A form that broke off leaves its parts without an end.
    stop.abort()
    await Promise.all(writing.values())
    await Promise.all(written.map((content) => discardPart({ content })))
    if (isDomainError(refusal) || isOutOfRoom(refusal)) throw refusal
    abort(400, `Unable to read the form: ${refusal instanceof Error ? refusal.message : String(refusal)}`)
  }
  return { fields, file: parts.get('file'), events: parts.get('events') }
}

/** @throws {WireError} 400 for a boundary that is none. */
function openForm(contentType: string): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      fileHwm: WRITE_AHEAD_BYTES,
      // The importer sends events as a part without a file name; they are as large as files.
      isPartAFile: (name, _type, fileName) => fileName !== undefined || name === 'events',
      limits: { fieldSize: MAX_FIELD_BYTES, fields: MAX_FIELDS, fileSize: MAX_PART_BYTES, files: 2 },
    })
  } catch (error) {
    abort(400, `Unable to read the form: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function tooLarge(what: string, limit: number): string {
  return `Unable to upload data: the ${what} is larger than ${limit} bytes.`
}
