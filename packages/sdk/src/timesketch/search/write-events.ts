import { FileError } from '../../errors/file-error.ts'
import { type FileAccess, needFiles } from '../../files/file-access.ts'
import { toCsvLine } from '../../table/csv.ts'
import { createParquetRows, fitToColumn } from '../../table/parquet.ts'
import { stringifyExactJson } from '../../transport/exact-json.ts'
import { path } from '../../transport/path.ts'
import { type Client, needParquet } from '../client.ts'
import type { CallOptions } from '../connection/call-options.ts'
import { readMeta } from '../wire/envelope.ts'
import { readRecords, type WireRecord } from '../wire/record.ts'
import { OTHER_FIELDS, planColumns, spreadEvent, toCsvText } from './event-columns.ts'
import type { FoundEvent } from './page.ts'
import type { SearchQuestion } from './question.ts'

/** Where a file goes. */
export type FileTarget = string | WritableStream<Uint8Array>

/** What a file can be: the server's ZIP, or made here. */
export const FILE_FORMATS = ['zip', 'csv', 'jsonl', 'parquet'] as const
export type FileFormat = (typeof FILE_FORMATS)[number]

/** The part of a search that files are made of. */
export interface EventSource {
  readonly sketchId: number
  readonly question: SearchQuestion
  events(options?: CallOptions): AsyncIterable<FoundEvent>
  download(options?: CallOptions): Promise<ReadableStream<Uint8Array>>
}

/** Text is gathered to this many UTF-16 units before it is written. */
const WRITE_UNITS = 64 * 1024

/** Writes the events of a search; see `Search.toFile`. */
export async function writeEvents(
  source: EventSource,
  target: FileTarget,
  client: Client,
  options: CallOptions & { format?: FileFormat },
): Promise<{ events: number | undefined; bytes: number }> {
  const format = options.format ?? formatOf(target)
  let events: number | undefined
  const count = async function* (): AsyncGenerator<FoundEvent> {
    events = 0
    for await (const event of source.events(options)) {
      events += 1
      yield event
    }
  }
  const parts = makeParts(format, source, client, options, count())
  const bytes = await writeParts(parts, target, client.files)
  return { events, bytes }
}

function formatOf(target: FileTarget): FileFormat {
  if (typeof target !== 'string') return 'zip'
  const ending = target.slice(target.lastIndexOf('.') + 1).toLowerCase()
  const format = FILE_FORMATS.find((one) => one === ending)
  if (format) return format
  throw new FileError(
    `cannot tell the format of ${target}: expected .${FILE_FORMATS.join(', .')}, or a format`,
    {
      path: target,
      advice: 'Give the path one of these endings, or say the format.',
    },
  )
}

async function* makeParts(
  format: FileFormat,
  source: EventSource,
  client: Client,
  options: CallOptions,
  events: AsyncIterable<FoundEvent>,
): AsyncGenerator<Uint8Array> {
  switch (format) {
    case 'zip':
      yield* await source.download(options)
      return
    case 'jsonl':
      yield* encodeLines(toJsonLines(events))
      return
    case 'csv':
      yield* encodeLines(toCsvLines(source.question, await readMappings(source, client, options), events))
      return
    case 'parquet':
      yield* toParquet(source.question, await readMappings(source, client, options), client, events)
      return
    default:
      format satisfies never
  }
}

async function* toJsonLines(events: AsyncIterable<FoundEvent>): AsyncGenerator<string> {
  for await (const { id, index, fields } of events)
    yield `${stringifyExactJson({ ...fields, _id: id, _index: index })}\n`
}

async function* toCsvLines(
  question: SearchQuestion,
  mappings: readonly WireRecord[],
  events: AsyncIterable<FoundEvent>,
): AsyncGenerator<string> {
  const columns = planColumns(question, mappings)
  const places = new Map(columns.map((column, place) => [column.name, place]))
  yield toCsvLine([...columns.map(({ name }) => name), OTHER_FIELDS])
  for await (const event of events)
    yield toCsvLine(spreadEvent(event, columns, places, (value) => value).map(toCsvText))
}

async function* toParquet(
  question: SearchQuestion,
  mappings: readonly WireRecord[],
  client: Client,
  events: AsyncIterable<FoundEvent>,
): AsyncGenerator<Uint8Array> {
  const columns = planColumns(question, mappings)
  const places = new Map(columns.map((column, place) => [column.name, place]))
  const rows = createParquetRows(needParquet(client.parquet), [
    ...columns,
    { name: OTHER_FIELDS, type: 'STRING' },
  ])
  for await (const event of events) {
    const part = await rows.add(
      spreadEvent(event, columns, places, (value, { type }) => fitToColumn(value, type)),
    )
    if (part) yield part
  }
  yield* await rows.end()
}

async function* encodeLines(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  let text = ''
  for await (const line of lines) {
    text += line
    if (text.length < WRITE_UNITS) continue
    yield encoder.encode(text)
    text = ''
  }
  if (text !== '') yield encoder.encode(text)
}

async function readMappings(
  source: EventSource,
  client: Client,
  options: CallOptions,
): Promise<readonly WireRecord[]> {
  const answer = await client.connection.get(path`/sketches/${source.sketchId}/`, options)
  return readRecords(readMeta(answer), 'mappings')
}

async function writeParts(
  parts: AsyncIterable<Uint8Array>,
  target: FileTarget,
  files: FileAccess | undefined,
): Promise<number> {
  const writer = (typeof target === 'string' ? await needFiles(files).write(target) : target).getWriter()
  let bytes = 0
  try {
    for await (const part of parts) {
      await writer.ready
      await writer.write(part)
      bytes += part.length
    }
    await writer.close()
  } catch (error) {
    await writer.abort(error).catch(() => {
      // The stream has failed already; the first failure is the one to hear of.
    })
    throw error
  }
  return bytes
}
