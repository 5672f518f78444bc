import type { PublicCall } from '../../../http/app-types.ts'
import { noteStreamFailure } from '../../../http/stream-failure.ts'
import type { EventView } from '../../../services/events/event-view.ts'
import type { CommentsByEvent } from '../wire/hit.ts'
import { ColumnCollector, makeResultCsv } from '../wire/result-csv.ts'
import { writeZip, type ZipFile } from './zip-writer.ts'

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
  const cancelled = new AbortController()
  const pieces = writeZip(toFiles(entries), cancelled.signal)
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        if (cancelled.signal.aborted) return
        noteStreamFailure(call, error)
        throw error
      }
    },
    async cancel() {
      // What is waited for is given up first: a generator ends no sooner.
      cancelled.abort()
      await pieces.return(undefined)
    },
  })
}

async function* toFiles(entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>): AsyncGenerator<ZipFile> {
  for await (const { name, text } of entries) yield { name, blocks: () => inBlocks(text()) }
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
