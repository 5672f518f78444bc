import { createReadStream } from 'node:fs'
import { stat, writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import {
  type ApiImportJob,
  type ApiImportPreview,
  type ApiOperation,
  type ApiQuestion,
  type ApiSearchLine,
  type ApiSketch,
  splitElements,
  splitMembers,
} from '@timeskein/model'
import { isApiError, SkeinClient } from '@timeskein/sdk'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import type {
  Backend,
  EventRow,
  FieldRow,
  Finding,
  HistogramAnswer,
  HistoryRow,
  ImportFile,
  ImportFilesRequest,
  ImportReadingOptions,
  ImportReport,
  KeyRow,
  MarkReport,
  MarkRequest,
  Question,
  SearchAnswer,
  SketchRow,
  SortOrder,
  TimelineRow,
  TopAnswer,
  UserRow,
} from './backend.ts'
import { createEventRow } from './event-row.ts'

/** Events handed on together. */
const SCAN_PAGE = 1000
const EVENT_NAME = '","event":'
/** How much of a file a preview needs. */
const PREVIEW_BYTES = 1 << 20

/** Reaches a server; nothing is asked of it yet. */
export async function openRemoteBackend(options: {
  server: string
  apiKey: string | undefined
  signal: AbortSignal
}): Promise<Backend> {
  if (!URL.canParse(options.server))
    throw new CliError(
      `--server takes an address such as http://127.0.0.1:5000, found "${options.server}"`,
      EXIT.usage,
    )
  if (options.apiKey === undefined)
    throw new CliError(
      '--server needs an API key: --api-key, $SKEIN_API_KEY or a profile. See: skein key --help',
      EXIT.noPermission,
    )
  return new RemoteBackend(
    new SkeinClient({ baseUrl: options.server, apiKey: options.apiKey }),
    options.server,
    options.signal,
  )
}

/** Does the work by a server's own API. */
class RemoteBackend implements Backend {
  readonly place: string
  readonly notes: readonly string[] = []
  readonly #client: SkeinClient
  readonly #signal: AbortSignal

  constructor(client: SkeinClient, place: string, signal: AbortSignal) {
    this.#client = client
    this.place = place
    this.#signal = signal
  }

  async listUsers(): Promise<readonly UserRow[]> {
    return await this.#client.listUsers(this.#options())
  }

  async addUser(user: { name: string; password: string; isAdmin: boolean }): Promise<UserRow> {
    return await this.#client.addUser(user, this.#options())
  }

  async setPassword(name: string, password: string): Promise<void> {
    await this.#client.setPassword(name, password, this.#options())
  }

  async disableUser(name: string): Promise<void> {
    await this.#client.disableUser(name, this.#options())
  }

  async createKey(key: {
    name: string
    scopes: readonly string[]
    user?: string
  }): Promise<{ id: number; key: string }> {
    return await this.#client.createKey({ ...key, scopes: key.scopes.map(toScope) }, this.#options())
  }

  async listKeys(): Promise<readonly KeyRow[]> {
    return await this.#client.listKeys(this.#options())
  }

  async revokeKey(id: number): Promise<void> {
    await this.#client.revokeKey(id, this.#options())
  }

  async listSketches(): Promise<readonly SketchRow[]> {
    return await Array.fromAsync(this.#client.listSketches(this.#options()))
  }

  async findSketch(nameOrId: string): Promise<SketchRow> {
    return await this.#client.findSketch(nameOrId, this.#options()).catch(refuseMissing)
  }

  async createSketch(name: string, description?: string): Promise<SketchRow> {
    return await this.#client.createSketch(
      { name, ...(description === undefined ? {} : { description }) },
      this.#options(),
    )
  }

  async renameSketch(sketchId: number, name: string): Promise<SketchRow> {
    return await this.#client.changeSketch(sketchId, { name }, this.#options())
  }

  async deleteSketch(sketchId: number): Promise<void> {
    await this.#client.deleteSketch(sketchId, this.#options())
  }

  async listTimelines(sketchId: number): Promise<readonly TimelineRow[]> {
    const timelines = await this.#client.listTimelines(sketchId, this.#options())
    return timelines.map((timeline) => ({ ...timeline, first: timeline.first, last: timeline.last }))
  }

  async renameTimeline(sketchId: number, timelineId: number, name: string): Promise<void> {
    await this.#client.renameTimeline(sketchId, timelineId, name, this.#options())
  }

  async deleteTimeline(sketchId: number, timelineId: number): Promise<void> {
    await this.#client.deleteTimeline(sketchId, timelineId, this.#options())
  }

  async importFiles(request: ImportFilesRequest): Promise<ImportReport> {
    const jobs: ApiImportJob[] = []
    for (const file of request.files) {
      const name = 'path' in file ? file.path : '-'
      const bytesTotal = 'path' in file ? (await stat(file.path)).size : undefined
      const bytes = countBytes('path' in file ? createReadStream(file.path) : file.stdin, (bytesDone) =>
        request.onProgress({ file: name, bytesDone, bytesTotal, rows: 0 }),
      )
      jobs.push(
        await this.#client.importBytes(request.sketchId, toWebStream(bytes), {
          ...toParameters(request.reading),
          timeline: request.timeline,
          name,
          signal: request.signal,
        }),
      )
    }
    const last = jobs.at(-1)
    if (!last) throw new CliError('no file was named', EXIT.usage)
    const files = jobs.flatMap((job) => job.files)
    const problems = jobs
      .filter((job) => job.status !== 'done')
      .map((job) => job.error ?? `the import ended as ${job.status}`)
    const remarks = jobs.flatMap((job) => (job.status === 'done' && job.error ? [job.error] : []))
    if (problems.length > 0 && files.length === 0) throw new CliError(problems.join(' '), EXIT.badInput)
    if (request.rejectsPath !== undefined) await this.#saveRejects(jobs, request.rejectsPath)
    return {
      files,
      ...(problems.length > 0 ? { problem: problems.join(' ') } : {}),
      ...(remarks.length > 0 ? { remark: remarks.join(' ') } : {}),
      timeline_id: last.timelineId,
      sketch_id: last.sketchId,
      searchable_seconds: jobs.reduce((sum, job) => sum + (job.searchableSeconds ?? 0), 0),
      indexed_seconds: jobs.reduce((sum, job) => sum + (job.indexedSeconds ?? 0), 0),
    }
  }

  async previewFile(
    file: ImportFile,
    reading: ImportReadingOptions,
    signal: AbortSignal,
  ): Promise<ApiImportPreview> {
    const [sketch] = await Array.fromAsync(takeFirst(this.#client.listSketches(this.#options())))
    if (!sketch)
      throw new CliError('a server previews for those who can read a sketch; there is none', EXIT.notFound)
    const source = 'path' in file ? createReadStream(file.path, { end: PREVIEW_BYTES - 1 }) : file.stdin
    return await this.#client.previewImport(sketch.id, toWebStream(source), {
      ...toParameters(reading),
      name: 'path' in file ? file.path : '-',
      signal,
    })
  }

  async search(question: Question, page: { size: number; sort: SortOrder }): Promise<SearchAnswer> {
    let total = 0
    const hits: EventRow[] = []
    for await (const text of this.#client.searchLines(
      question.sketchId,
      { ...toApiQuestion(question), size: page.size, sort: page.sort },
      { signal: question.signal },
    )) {
      const members = splitMembers(text)
      if (members.get('type') === '"rows"') {
        for (const row of splitElements(members.get('rows') ?? '[]')) hits.push(readEvent(row))
        continue
      }
      // Written by the server's schema of lines.
      const line = JSON.parse(text) as ApiSearchLine
      if (line.type === 'count') total = line.total
      else if (line.type === 'error') throw new CliError(line.detail, EXIT.failed)
      else if (line.type === 'done')
        return {
          total,
          hits,
          tookMs: line.tookMs,
          complete: line.complete,
          incompleteReason: line.incompleteReason,
        }
    }
    throw new CliError('the server broke its answer off', EXIT.unavailable)
  }

  async *scan(
    question: Question,
    options: { sort: SortOrder | undefined },
  ): AsyncIterable<readonly EventRow[]> {
    let page: EventRow[] = []
    const lines = this.#client.exportEvents(
      question.sketchId,
      { ...toApiQuestion(question), ...(options.sort === undefined ? {} : { sort: options.sort }) },
      { signal: question.signal },
    )
    for await (const line of lines) {
      page.push(readEvent(line))
      if (page.length === SCAN_PAGE) {
        yield page
        page = []
      }
    }
    if (page.length > 0) yield page
  }

  async count(question: Question): Promise<{ count: number; complete: boolean }> {
    const count = await this.#client.count(question.sketchId, toApiQuestion(question), {
      signal: question.signal,
    })
    return { count, complete: true }
  }

  async histogram(question: Question, interval: string | undefined): Promise<HistogramAnswer> {
    return await this.#client.histogram(
      question.sketchId,
      { ...toApiQuestion(question), ...(interval === undefined ? {} : { interval }) },
      { signal: question.signal },
    )
  }

  async top(question: Question, field: string, size: number): Promise<TopAnswer> {
    return await this.#client.top(
      question.sketchId,
      { ...toApiQuestion(question), field, size },
      { signal: question.signal },
    )
  }

  async explain(question: Question): Promise<readonly string[]> {
    return await this.#client.explain(question.sketchId, toApiQuestion(question), { signal: question.signal })
  }

  async listFields(question: Question): Promise<readonly FieldRow[]> {
    return await this.#client.listFields(question.sketchId, {
      signal: question.signal,
      ...(question.timeline === undefined ? {} : { timelines: [question.timeline] }),
    })
  }

  async mark(request: MarkRequest): Promise<MarkReport> {
    const target =
      'ids' in request.target
        ? { ids: [...request.target.ids] }
        : { question: toApiQuestion(request.target.question) }
    const report = await this.#client.mark(
      request.sketchId,
      { kind: request.kind, value: request.value, target },
      this.#options(),
    )
    return {
      operation_id: report.operationId,
      matched: report.matched,
      changed: report.changed,
      unknown_ids: report.unknownIds,
    }
  }

  async history(sketchId: number, limit: number): Promise<readonly HistoryRow[]> {
    return (await this.#client.listOperations(sketchId, { ...this.#options(), limit })).map(toHistoryRow)
  }

  async undo(operationId: string): Promise<HistoryRow> {
    return toHistoryRow(await this.#client.undo(operationId, this.#options()))
  }

  async diagnose(): Promise<readonly Finding[]> {
    return await this.#client.diagnose(this.#options())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing is held open between calls.
  }

  #options(): { signal: AbortSignal } {
    return { signal: this.#signal }
  }

  async #saveRejects(jobs: readonly ApiImportJob[], path: string): Promise<void> {
    const parts: Buffer[] = []
    for (const job of jobs) {
      if (!job.hasRejects) continue
      const rejects = await this.#client.readRejects(job.id, this.#options())
      if (rejects) parts.push(Buffer.from(await new Response(rejects).arrayBuffer()))
    }
    await writeFile(path, Buffer.concat(parts))
  }
}

// `{"id":…,"timeline":…,"event":{…}}`, as the server writes it. Quotes inside of strings are escaped, so that the first place
// that looks like the event's name is it; the event is not parsed.
function readEvent(text: string): EventRow {
  const place = text.indexOf(EVENT_NAME)
  const head: { id: string; timeline: string } = JSON.parse(`${text.slice(0, place + 1)}}`)
  const json = text.slice(place + EVENT_NAME.length, -1)
  return createEventRow(head.id, head.timeline, {
    json: () => json,
    members: () => splitMembers(json),
    // A name may be written with escapes.
    mayHave: (name) => json.includes(`"${name}"`) || json.includes('\\u'),
  })
}

function toApiQuestion(question: Question): ApiQuestion {
  return {
    query: question.query,
    ...(question.timeline === undefined ? {} : { timelines: [question.timeline] }),
    ...(question.from === undefined ? {} : { from: question.from }),
    ...(question.to === undefined ? {} : { to: question.to }),
  }
}

function toParameters(reading: ImportReadingOptions) {
  const map = reading.map && Object.entries(reading.map).map(([ours, theirs]) => `${ours}=${theirs}`)
  return {
    map: map?.join(','),
    timeZone: reading.timeZone,
    encoding: reading.encoding,
    dayFirst: reading.dayFirst,
    allTimes: reading.allTimes,
  }
}

function toHistoryRow(operation: ApiOperation): HistoryRow {
  return { ...operation, query: operation.query }
}

function toScope(text: string): 'read' | 'write' | 'admin' {
  if (text === 'read' || text === 'write' || text === 'admin') return text
  throw new CliError(`--scope takes read, write or admin; found "${text}"`, EXIT.usage)
}

// Importing into a sketch that does not exist makes it, so its absence must be told from other refusals.
function refuseMissing(error: unknown): ApiSketch {
  if (isApiError(error) && error.status === 404)
    throw new CliError(error.message, EXIT.notFound, { cause: error })
  throw error
}

async function* countBytes(
  source: AsyncIterable<Uint8Array>,
  tell: (bytesDone: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytesDone = 0
  for await (const part of source) {
    bytesDone += part.length
    tell(bytesDone)
    yield part
  }
}

// Node's own streams and the web's agree but for their types.
function toWebStream(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  return Readable.toWeb(Readable.from(source, { objectMode: false })) as ReadableStream<Uint8Array>
}

async function* takeFirst<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  for await (const item of items) {
    yield item
    return
  }
}
