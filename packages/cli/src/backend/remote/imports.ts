import { access, constants, open, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { ApiImportJob, RefusedFile } from '@timeskein/model'
import { CliError } from '../../cli-error.ts'
import { EXIT } from '../../exit-codes.ts'
import { exitCodeOfImport, nameStop, toCliError } from '../../failures.ts'
import { readUntilAborted } from '../../input/read-until-aborted.ts'
import type {
  FinishedImport,
  ImportCalls,
  ImportFile,
  ImportFilesRequest,
  ImportReadingOptions,
} from '../backend.ts'
import { describeOutcome, type ImportEnd } from '../import-outcome.ts'
import type { RemotePlace } from './open-remote-backend.ts'

/** Imports by a server: each file is an import of its own, one after the other. */
export function createImportCalls({ client, options }: RemotePlace): ImportCalls {
  const finish = (jobs: readonly ApiImportJob[], failures: readonly ImportEnd[]): FinishedImport => {
    const last = jobs.at(-1)
    if (!last) throw new CliError('no file was named', EXIT.usage)
    const files = jobs.flatMap((job) => job.files)
    const outcome = describeOutcome([...jobs, ...failures])
    if (outcome.problems && files.length === 0)
      throw new CliError(outcome.problems.join('\n'), exitCodeOfImport(outcome.error_code))
    return {
      report: {
        files,
        ...outcome,
        timeline_id: last.timelineId,
        sketch_id: last.sketchId,
        searchable_seconds: jobs.reduce((sum, job) => sum + (job.searchableSeconds ?? 0), 0),
        indexed_seconds: jobs.reduce((sum, job) => sum + (job.indexedSeconds ?? 0), 0),
      },
      rejects: jobs.flatMap((job) =>
        job.files.map((account, place) => ({
          account,
          read: async (kind) => await client.readRejects(job.id, { ...options, kind, file: place + 1 }),
        })),
      ),
    }
  }
  return {
    async importFiles(request) {
      requireNoFiles(request.reading)
      // As in process: nothing is imported when a file is not there.
      for (const file of request.files) if ('path' in file) await access(file.path, constants.R_OK)
      const jobs: ApiImportJob[] = []
      using rows = new RowWatch(client, request)
      for (const [place, file] of request.files.entries()) {
        const name = nameOf(file)
        try {
          const { source, bytesTotal, isFolder, refused } = await openFile(file, request.signal)
          const tell = rows.startFile(name, bytesTotal)
          const bytes = countBytes(source, tell)
          const job = await sendBytes(bytes, request.signal, (body) =>
            client.importBytes(request.sketchId, body, {
              ...toParameters(request.reading),
              timeline: request.timeline,
              bySource: request.bySource,
              name: isFolder ? nameFolder(name) : name,
              signal: request.signal,
            }),
          )
          rows.endFile(job.id)
          jobs.push(withRefused(job, refused))
        } catch (error) {
          const failure = request.signal.aborted
            ? new CliError('it was interrupted', EXIT.interrupted)
            : toCliError(error)
          // What is stored must be told: without it, what the failure says is all there is to say.
          if (!failure || !jobs.some((job) => job.files.length > 0)) throw error
          return finish(jobs, [describeStop(failure, request.files.slice(place).map(nameOf))])
        }
      }
      return finish(jobs, [])
    },
    async previewFile(file, reading, signal) {
      requireNoFiles(reading)
      const { source, isFolder, refused } = await openFile(file, signal)
      const name = nameOf(file)
      const parameters = { ...toParameters(reading), name: isFolder ? nameFolder(name) : name, signal }
      const preview = await sendBytes(source, signal, (body) => client.previewImport(body, parameters))
      return { ...preview, refused: [...preview.refused, ...refused] }
    },
  }
}

/**
 * What a person is told while files are sent: the bytes that have left, and the rows that the server says it has stored. Without
 * its word (an older server, a connection that breaks) the rows stay at 0; the import itself goes on.
 */
class RowWatch implements Disposable {
  readonly #client: RemotePlace['client']
  readonly #request: ImportFilesRequest
  readonly #abort = new AbortController()
  readonly #ended = new Set<string>()
  #isWatching = false
  /** The import of the file that is being sent, once the server has told of it. */
  #importId: string | undefined
  #now = { file: '', bytesDone: 0, bytesTotal: undefined as number | undefined, rows: 0 }

  constructor(client: RemotePlace['client'], request: ImportFilesRequest) {
    this.#client = client
    this.#request = request
  }

  /** Returns what is to be called with the bytes of the file that have been sent. */
  startFile(file: string, bytesTotal: number | undefined): (bytesDone: number) => void {
    this.#importId = undefined
    this.#now = { file, bytesDone: 0, bytesTotal, rows: 0 }
    if (!this.#isWatching) void this.#watch()
    this.#isWatching = true
    return (bytesDone) => this.#tell({ bytesDone })
  }

  /** What is still told of that import is not about a later file, which may have the same name. */
  endFile(importId: string): void {
    this.#ended.add(importId)
  }

  [Symbol.dispose](): void {
    this.#abort.abort()
  }

  async #watch(): Promise<void> {
    const signal = AbortSignal.any([this.#abort.signal, this.#request.signal])
    try {
      for await (const progress of this.#client.watchImports(this.#request.sketchId, { signal })) {
        if (!this.#isOurs(progress)) continue
        this.#importId = progress.importId
        this.#tell({ rows: progress.rowsStored })
      }
    } catch {
      // The answer to the import itself says what went wrong, if anything did.
    }
  }

  // Others import into the sketch too. The id comes only with the server's word, so that the first import of that name is ours.
  #isOurs({ importId, file }: { readonly importId: string; readonly file: string }): boolean {
    if (this.#importId !== undefined) return importId === this.#importId
    const { file: ours } = this.#now
    return (
      !this.#ended.has(importId) &&
      (file === ours || file.startsWith(`${ours}!`) || file.startsWith(nameFolder(ours)))
    )
  }

  #tell(change: { bytesDone?: number; rows?: number }): void {
    this.#now = { ...this.#now, ...change }
    this.#request.onProgress(this.#now)
  }
}

function describeStop(failure: CliError, names: readonly string[]): ImportEnd {
  const [first = '', ...others] = names
  const rest = others.length === 0 ? '' : ` Not sent after it: ${others.join(', ')}.`
  return {
    status: 'failed',
    errorCode: nameStop(failure),
    problems: [`${first} was not taken: ${failure.message.replace(/[^.?!]$/, '$&.')}${rest}`],
  }
}

function nameOf(file: ImportFile): string {
  return 'path' in file ? file.path : '-'
}

/** What is sent of a file or a folder. */
interface OpenedFile {
  readonly source: AsyncIterable<Uint8Array>
  readonly bytesTotal: number | undefined
  readonly isFolder: boolean
  /** What of the folder is not sent; grows while it is sent. */
  readonly refused: readonly RefusedFile[]
}

/** A named pipe, without waiting for its writer; Ctrl-C ends the wait for what it gives. */
async function openPipe(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  // Lives with the readers, which a client of a server does not load otherwise.
  const server = await import('@timeskein/server')
  return await server.openPipe(path, signal)
}

// Opened before anything is sent: what is wrong with a file is not to look like a broken connection.
async function openFile(file: ImportFile, signal: AbortSignal): Promise<OpenedFile> {
  const asStream = (source: AsyncIterable<Uint8Array>): OpenedFile => ({
    source,
    bytesTotal: undefined,
    isFolder: false,
    refused: [],
  })
  if ('stdin' in file) return asStream(file.stdin)
  const stats = await stat(file.path)
  if (stats.isDirectory()) return await openFolder(file.path)
  if (stats.isFIFO()) return asStream(await openPipe(file.path, signal))
  const handle = await open(file.path)
  const { size } = await handle.stat()
  return { source: handle.createReadStream(), bytesTotal: size, isFolder: false, refused: [] }
}

async function openFolder(path: string): Promise<OpenedFile> {
  // Lives with the readers, which a client of a server does not load otherwise.
  const { packFolder } = await import('@timeskein/server')
  const refused: RefusedFile[] = []
  const { bytes, contentBytes } = await packFolder(path, ({ name, reason, refusal }) =>
    refused.push({ path: nameFolder(path) + name, reason, refusal }),
  )
  if (contentBytes === 0)
    throw new CliError(
      `cannot read ${nameFolder(path)}: expected evidence in it, found a folder with nothing that can be read in it`,
      EXIT.badInput,
    )
  return { source: bytes, bytesTotal: contentBytes, isFolder: true, refused }
}

function nameFolder(path: string): string {
  return path.endsWith('/') ? path : `${path}/`
}

function withRefused(job: ApiImportJob, refused: readonly RefusedFile[]): ApiImportJob {
  return refused.length === 0 ? job : { ...job, refused: [...(job.refused ?? []), ...refused] }
}

function toParameters(reading: ImportReadingOptions) {
  const map = reading.map && Object.entries(reading.map).map(([ours, theirs]) => `${ours}=${theirs}`)
  return {
    map: map?.join(','),
    timeZone: reading.timeZone,
    encoding: reading.encoding,
    dayFirst: reading.dayFirst,
    carve: reading.carve,
    keepXml: reading.keepXml,
    year: reading.year,
    allTimes: reading.allTimes,
    plasoFilter: reading.plasoFilter,
  }
}

/** Formatters and message resources are files of this machine, which a server does not see. */
function requireNoFiles({ formatters, messageResources }: ImportReadingOptions): void {
  const option = formatters === undefined ? '--message-resources' : '--formatters'
  if (formatters === undefined && messageResources === undefined) return
  throw new CliError(
    `${option} is for imports into a data directory of this machine (--data); a server has its own, in config/plaso_formatters of its data directory`,
    EXIT.usage,
  )
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

/** Sends what a source gives, no longer than the call takes: `fetch` reads a body to its end, also when its call is over. */
async function sendBytes<Answer>(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  send: (body: ReadableStream<Uint8Array>) => Promise<Answer>,
): Promise<Answer> {
  const over = new AbortController()
  const body = toWebStream(readUntilAborted(source, AbortSignal.any([signal, over.signal])))
  try {
    return await send(body)
  } finally {
    over.abort()
  }
}

// Node's own streams and the web's agree but for their types.
function toWebStream(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  return Readable.toWeb(Readable.from(source, { objectMode: false })) as ReadableStream<Uint8Array>
}
