import { Readable } from 'node:stream'
import type ZipStream from 'zip-stream'
import type { PublicCall } from '../../../http/app-types.ts'
import { noteStreamFailure } from '../../../http/stream-failure.ts'
import type { EventView } from '../../../services/events/event-view.ts'
import type { CommentsByEvent } from '../wire/hit.ts'
import { ColumnCollector, makeResultCsv } from '../wire/result-csv.ts'

/** Text that is packed at once. */
const BLOCK_CHARACTERS = 256 * 1024

/**
 * How zlib packs. Its lowest level is a quarter of the work of its usual one, for files that are an eighth larger. A packed block
 * fits into one chunk: for each the work comes back from its thread and waits here for its turn.
 */
const PACKING = { level: 1, chunkSize: 256 * 1024 }

/** Packed bytes that may wait for the client. */
const SEND_AHEAD_BYTES = 512 * 1024

/** One file of a ZIP: its name and its text, made when its turn comes. */
export interface ZipEntry {
  readonly name: string
  readonly text: () => AsyncIterable<string> | Iterable<string>
}

/**
 * A ZIP whose files are made, one after the other, while it is sent. A client that goes away ends the making: the text of the
 * file under way is returned, no other is begun.
 */
export async function zipStream(
  call: Pick<PublicCall, 'log' | 'requestId' | 'signal'>,
  entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>,
): Promise<ReadableStream<Uint8Array>> {
  // Loaded with the first export, not with the server: it brings streams of its own.
  const { default: ZipStream } = await import('zip-stream')
  const zip = new ZipStream({ zlib: PACKING, highWaterMark: SEND_AHEAD_BYTES })
  const fail = (error: unknown): void => {
    if (zip.destroyed) return
    noteStreamFailure(call, error)
    zip.destroy(asError(error))
  }
  zip.on('error', fail)
  const closed = new AbortController()
  zip.once('close', () => closed.abort())
  void addEntries(zip, entries, closed.signal).catch(fail)
  // Its streams are Node's own, published as a package.
  return Readable.toWeb(zip as unknown as Readable) as ReadableStream<Uint8Array>
}

async function addEntries(
  zip: ZipStream,
  entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>,
  closed: AbortSignal,
): Promise<void> {
  for await (const entry of entries) {
    if (closed.aborted) return
    await addEntry(zip, entry, closed)
    if (closed.aborted) return
  }
  zip.finalize()
}

/** Resolves when the file is in the ZIP, or when nobody reads the ZIP any more. */
async function addEntry(zip: ZipStream, entry: ZipEntry, closed: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const text = Readable.from(inBlocks(entry.text()), { objectMode: true })
  const stop = (): void => {
    text.destroy()
    resolve()
  }
  text.once('error', reject)
  closed.addEventListener('abort', stop, { once: true })
  zip.entry(text, { name: entry.name }, (error) => {
    if (error) reject(error)
    else resolve()
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
