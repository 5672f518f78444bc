import { Readable } from 'node:stream'
import yazl from 'yazl'
import type { PublicCall } from '../../../http/app-types.ts'
import { noteStreamFailure } from '../../../http/stream-failure.ts'
import type { EventView } from '../../../services/events/event-view.ts'
import type { CommentsByEvent } from '../wire/hit.ts'
import { ColumnCollector, makeResultCsv } from '../wire/result-csv.ts'

/** Of zlib: a quarter of the work of its usual level, for files that are an eighth larger. */
const COMPRESSION_LEVEL = 1

/** Text that is packed at once. */
const BLOCK_CHARACTERS = 256 * 1024

/** One file of a ZIP: its name and its text, made when its turn comes. */
export interface ZipEntry {
  readonly name: string
  readonly text: () => AsyncIterable<string> | Iterable<string>
}

/**
 * A ZIP whose files are made, one after the other, while it is sent. A client that goes away ends the making: the text of the
 * file under way is returned, no other is begun.
 */
export function zipStream(
  call: Pick<PublicCall, 'log' | 'requestId' | 'signal'>,
  entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>,
): ReadableStream<Uint8Array> {
  const zip = new yazl.ZipFile()
  // A PassThrough of Node's; its type only says less. Read through an iterator it could not be destroyed while it waits.
  const output = zip.outputStream as Readable
  const fail = (error: unknown): void => {
    if (output.destroyed) return
    noteStreamFailure(call, error)
    output.destroy(asError(error))
  }
  zip.on('error', fail)
  const closed = new AbortController()
  output.once('close', () => closed.abort())
  void addEntries(zip, entries, closed.signal).catch(fail)
  return Readable.toWeb(output) as ReadableStream<Uint8Array>
}

async function addEntries(
  zip: yazl.ZipFile,
  entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>,
  closed: AbortSignal,
): Promise<void> {
  for await (const entry of entries) {
    if (closed.aborted) return
    await addEntry(zip, entry, closed)
    if (closed.aborted) return
  }
  zip.end()
}

/** Resolves when the file is in the ZIP, or when nobody reads the ZIP any more. */
async function addEntry(zip: yazl.ZipFile, entry: ZipEntry, closed: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let stream: Readable | undefined
  const stop = (): void => {
    if (stream) stream.destroy()
    else resolve()
  }
  closed.addEventListener('abort', stop, { once: true })
  zip.addReadStreamLazy(entry.name, { compressionLevel: COMPRESSION_LEVEL }, (give) => {
    stream = Readable.from(inBlocks(entry.text()), { objectMode: true })
    stream.once('error', reject)
    stream.once('close', resolve)
    give(null, stream)
  })
  try {
    await promise
  } finally {
    closed.removeEventListener('abort', stop)
  }
}

/** Gathers pieces of text: each block goes to another thread to be packed, and back. */
async function* inBlocks(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Buffer> {
  let block = ''
  for await (const piece of pieces) {
    block += piece
    if (block.length < BLOCK_CHARACTERS) continue
    yield Buffer.from(block)
    block = ''
  }
  if (block !== '') yield Buffer.from(block)
}

/**
 * The text of a CSV file of events. The events are read twice, as far as it takes to know the columns before the first row
 * without holding the rows.
 */
export async function* csvOf(
  scan: () => AsyncIterable<readonly EventView[]>,
  fields: readonly string[],
  comments?: CommentsByEvent,
): AsyncIterable<string> {
  const collector = new ColumnCollector(fields)
  for await (const page of scan()) {
    for (const view of page) collector.add(view)
    if (collector.isComplete) break
  }
  const csv = makeResultCsv(collector.columns(), comments)
  yield csv.header()
  for await (const page of scan()) yield page.map((view) => csv.row(view)).join('')
}

function asError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value))
}
