import { Readable } from 'node:stream'
import yazl from 'yazl'
import type { EventView } from '../../../services/event-view.ts'
import type { CommentsByEvent } from '../wire/hit.ts'
import { ColumnCollector, makeResultCsv } from '../wire/result-csv.ts'

/** One file of a ZIP: its name and its text, made when its turn comes. */
export interface ZipEntry {
  readonly name: string
  readonly text: () => AsyncIterable<string> | Iterable<string>
}

/** A ZIP whose files are made, one after the other, while it is sent. */
export function zipStream(entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>): ReadableStream<Uint8Array> {
  const zip = new yazl.ZipFile()
  const output = Readable.from(zip.outputStream)
  void addEntries(zip, entries).catch((error: unknown) => output.destroy(asError(error)))
  return Readable.toWeb(output) as ReadableStream<Uint8Array>
}

async function addEntries(
  zip: yazl.ZipFile,
  entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>,
): Promise<void> {
  for await (const entry of entries) {
    await new Promise<void>((resolve, reject) => {
      zip.addReadStreamLazy(entry.name, { compress: true }, (give) => {
        const stream = Readable.from(entry.text(), { objectMode: true })
        stream.once('error', reject)
        stream.once('close', resolve)
        give(null, stream)
      })
    })
  }
  zip.end()
}

/**
 * The text of a CSV file of events. The events are read twice, so that the columns are known before the first row without
 * holding the rows.
 */
export async function* csvOf(
  scan: () => AsyncIterable<readonly EventView[]>,
  fields: readonly string[],
  comments?: CommentsByEvent,
): AsyncIterable<string> {
  const collector = new ColumnCollector(fields)
  for await (const page of scan()) for (const view of page) collector.add(view)
  const csv = makeResultCsv(collector.columns(), comments)
  yield csv.header()
  for await (const page of scan()) yield page.map((view) => csv.row(view)).join('')
}

function asError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value))
}
