import { needFiles } from '../../files/file-access.ts'
import type { Client } from '../client.ts'
import type { CallOptions } from '../connection/call-options.ts'
import { type TimelineDetail, Timelines } from '../timelines/timelines.ts'
import { readCsvRows } from './csv-rows.ts'
import type { ImportAccount } from './import-account.ts'
import { readJsonlRows } from './jsonl-rows.ts'
import { type SendOptions, sendEvents } from './send-events.ts'
import { type SendFileOptions, sendFile } from './send-file.ts'
import { numberRows, type SourceRow } from './source-row.ts'
import { readText, type TextSource } from './source-text.ts'
import type { ImportRow } from './to-event.ts'
import { waitForEvents } from './wait-for-events.ts'

/** How rows are imported. */
export interface ImportOptions extends SendOptions {
  /**
   * Wait until the timeline is ready, and count what it has got.
   * @default true
   */
  readonly wait?: boolean | undefined
}

/** How text is imported. */
export interface TextImportOptions extends ImportOptions {
  /** A label of the Encoding Standard. @default 'utf-8' */
  readonly encoding?: string | undefined
}

/** How CSV is imported. */
export interface CsvImportOptions extends TextImportOptions {
  /** @default ',' */
  readonly delimiter?: string | undefined
  /** Columns whose digits become numbers. Others stay text, so that no two values of one field clash. */
  readonly numericColumns?: readonly string[] | undefined
}

/** What a timeline has before anything is sent to it. */
interface KnownTimeline {
  readonly eventCount: number
  readonly sourceIds: ReadonlySet<number>
}

/** Brings events into a sketch, at constant memory, with an account of every row. */
export class Imports {
  readonly #client: Client
  readonly #sketchId: number
  readonly #timelines: Timelines

  constructor(client: Client, sketchId: number) {
    this.#client = client
    this.#sketchId = sketchId
    this.#timelines = new Timelines(client.connection, sketchId)
  }

  /** Objects of any iterable: an array, a generator, a table of rows. */
  async rows(
    rows: Iterable<ImportRow> | AsyncIterable<ImportRow>,
    options: ImportOptions,
  ): Promise<ImportAccount> {
    return await this.#send(numberRows(rows), options)
  }

  async csv(source: TextSource, options: CsvImportOptions): Promise<ImportAccount> {
    const numeric = new Set(options.numericColumns)
    return await this.#sendText(source, { dataLabel: 'csv', ...options }, (text) =>
      readCsvRows(text, options.delimiter, numeric),
    )
  }

  async jsonl(source: TextSource, options: TextImportOptions): Promise<ImportAccount> {
    return await this.#sendText(source, options, readJsonlRows)
  }

  /**
   * A file, sent as it is: the server reads it. Needed for Plaso.
   *
   * @returns The timeline; ready or failed, unless `wait` is false.
   */
  async file(
    file: Blob,
    options: SendFileOptions & { readonly wait?: boolean | undefined },
  ): Promise<TimelineDetail> {
    const { timeline, taskId } = await sendFile(this.#client.connection, this.#sketchId, file, options)
    if (options.wait === false) return { ...timeline, eventCount: undefined }
    return await waitForEvents(this.#client.connection, this.#sketchId, {
      timelineId: timeline.id,
      taskIds: taskId === undefined ? [] : [taskId],
      expectedCount: 0,
      signal: options.signal,
    })
  }

  /** A file by its path, sent as it is. @throws {TypeError} Where the client has no files. */
  async path(
    path: string,
    options: Partial<SendFileOptions> & { readonly wait?: boolean | undefined } = {},
  ): Promise<TimelineDetail> {
    const { name, blob } = await needFiles(this.#client.files).open(path)
    return await this.file(blob, { fileName: name, ...options })
  }

  async #sendText(
    source: TextSource,
    options: TextImportOptions,
    readRows: (text: AsyncGenerator<string>) => AsyncIterable<SourceRow>,
  ): Promise<ImportAccount> {
    let undecoded = 0
    const text = readText(source, options.encoding, (count) => {
      undecoded += count
    })
    const account = await this.#send(readRows(text), options)
    return { ...account, undecoded }
  }

  async #send(rows: AsyncIterable<SourceRow>, options: ImportOptions): Promise<ImportAccount> {
    const before = options.wait === false ? undefined : await this.#lookBefore(options)
    const account = await sendEvents(this.#client.connection, this.#sketchId, rows, options)
    if (options.wait === false || account.timelineId === undefined) return account
    const known = before?.get(account.timelineId)
    const knownBefore = known?.eventCount ?? 0
    const { eventCount, dataSources, status } = await waitForEvents(this.#client.connection, this.#sketchId, {
      timelineId: account.timelineId,
      taskIds: account.taskIds,
      expectedCount: knownBefore + account.sent,
      signal: options.signal,
    })
    const own = dataSources.filter(({ id }) => !known?.sourceIds.has(id))
    return {
      ...account,
      status,
      indexed: eventCount === undefined ? undefined : eventCount - knownBefore,
      failedPieces: own.filter((source) => source.status === 'fail').length,
      serverErrors: own.flatMap(({ errorMessage }) => (errorMessage === undefined ? [] : [errorMessage])),
    }
  }

  /** What there is of the timelines that a name may mean, before there is more. */
  async #lookBefore(options: ImportOptions): Promise<ReadonlyMap<number, KnownTimeline>> {
    const call: CallOptions = { signal: options.signal }
    const name = options.resume?.timeline ?? options.timeline
    const same = (await this.#timelines.list(call)).filter((timeline) => timeline.name === name)
    const details = await Promise.all(same.map(({ id }) => this.#timelines.get(id, call)))
    return new Map(
      details.map(({ id, eventCount = 0, dataSources }) => [
        id,
        { eventCount, sourceIds: new Set(dataSources.map((source) => source.id)) },
      ]),
    )
  }
}
