import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Principal } from '../../auth/principal.ts'
import { conflict, DomainError, notFound } from '../../errors/domain-error.ts'
import type { ServiceContext } from '../service-context.ts'
import { type FlatEvent, flattenEvent } from './flatten-event.ts'
import type { SearchJobService } from './search-job-service.ts'

/** How long a file is kept after its end. */
const KEPT_MS = 24 * 3_600_000
/** Exports of one job, and under way for one user. */
const MAX_OF_JOB = 10
/** Largest file, compressed. */
const MAX_EXPORT_BYTES = 10 * 1024 ** 3

/** An export of the events of a search job to a file. */
export interface JobExport {
  readonly uid: string
  readonly jobUid: string
  readonly status: 'running' | 'done' | 'failed'
  readonly problem: string | undefined
  /** Events there are: as many as the search found, and when it is done as many as the file has. */
  readonly total: number
  /** Events written by now. */
  readonly done: number
  /** Names the file to whoever fetches it, who needs no other key. */
  readonly secret: string
  /** Compressed; 0 until it is done. */
  readonly sizeBytes: number
  readonly expiresAtMs: number | undefined
}

/** A file ready to be fetched. */
export interface ExportFile {
  readonly stream: ReadableStream<Uint8Array>
  readonly sizeBytes: number
}

/** Exports of search jobs: JSON lines, compressed by gzip. They last as long as the process, at most a day. */
export interface JobExportService {
  /**
   * Begins to write the events of a job that is done.
   *
   * @param fields - Dotted names; `@timestamp` is the event's time. Undefined: all.
   * @throws {DomainError} As `SearchJobService.readEvents`; `conflict` (`export-running`, `too-many-exports`).
   */
  start(principal: Principal, jobUid: string, fields: readonly string[] | undefined): Promise<JobExport>
  /** @throws {DomainError} `not-found` (`export-not-found`). */
  get(principal: Principal, uid: string): JobExport
  /** The latest of a job. @throws {DomainError} `not-found` (`export-not-found`). */
  latest(principal: Principal, jobUid: string): JobExport
  /** @throws {DomainError} `not-found` (`export-not-found`). */
  open(secret: string): ExportFile
}

interface Kept extends JobExport {
  readonly userId: number
  readonly path: string
}

/** Writes files under a directory, which is emptied before the first. */
export function createJobExportService(
  context: ServiceContext,
  jobs: SearchJobService,
  directory: string,
): JobExportService {
  const { audit, log, now } = context
  const kept = new Map<string, Kept>()
  let ready: Promise<unknown> | undefined
  /** Files of a former process are forgotten. */
  const prepare = async (): Promise<void> => {
    ready ??= rm(directory, { recursive: true, force: true }).then(() =>
      mkdir(directory, { recursive: true, mode: 0o700 }),
    )
    await ready
  }

  const hasExpired = ({ expiresAtMs = Infinity }: Kept): boolean => expiresAtMs <= now()
  const dropExpired = async (): Promise<void> => {
    for (const [uid, one] of kept)
      if (hasExpired(one)) {
        kept.delete(uid)
        await rm(one.path, { force: true })
      }
  }
  /** Nothing is kept longer because nobody asks any more. */
  const dropLater = (): void => {
    const drop = (): void =>
      void dropExpired().catch((error: unknown) =>
        log.error({ err: error }, 'an export could not be removed'),
      )
    setTimeout(drop, KEPT_MS + 1000).unref()
  }
  const change = (uid: string, facts: Partial<Kept>): void => {
    const before = kept.get(uid)
    if (before) kept.set(uid, { ...before, ...facts })
  }
  const requireOwn = (principal: Principal, found: Kept | undefined, id: string): Kept => {
    if (!found || found.userId !== principal.userId || hasExpired(found))
      throw notFound('export', id.slice(0, 64))
    return found
  }

  const write = async (
    principal: Principal,
    one: Kept,
    fields: readonly string[] | undefined,
  ): Promise<void> => {
    try {
      await prepare()
      let done = 0
      const lines = async function* (): AsyncGenerator<string> {
        for await (const page of jobs.scanEvents(principal, one.jobUid)) {
          yield page.map((event) => `${JSON.stringify(pick(flattenEvent(event), fields))}\n`).join('')
          done += page.length
          change(one.uid, { done })
        }
      }
      const file = createWriteStream(one.path, { mode: 0o600 })
      await pipeline(Readable.from(lines()), createGzip(), limitBytes, file)
      const { size } = await stat(one.path)
      change(one.uid, { status: 'done', total: done, done, sizeBytes: size, expiresAtMs: now() + KEPT_MS })
    } catch (error) {
      log.error({ err: error }, 'an export failed')
      const problem = error instanceof Error ? error.message : 'The export failed.'
      change(one.uid, { status: 'failed', problem, expiresAtMs: now() + KEPT_MS })
      await rm(one.path, { force: true })
    }
    dropLater()
  }

  return {
    async start(principal, jobUid, fields) {
      await dropExpired()
      const { total } = await jobs.readEvents(principal, jobUid, { limit: 0, offset: 0 })
      const job = jobUid.toLowerCase()
      const own = [...kept.values()].filter(({ userId }) => userId === principal.userId)
      if (own.some(({ status }) => status === 'running'))
        throw conflict('export-running', 'One export may be under way; wait for it to end.')
      if (own.filter(({ jobUid: of }) => of === job).length >= MAX_OF_JOB)
        throw conflict('too-many-exports', `A search has at most ${MAX_OF_JOB} exports.`)
      const uid = randomUUID()
      const secret = randomBytes(32).toString('base64url')
      const one: Kept = {
        uid,
        jobUid: job,
        userId: principal.userId,
        status: 'running',
        problem: undefined,
        total,
        done: 0,
        secret,
        sizeBytes: 0,
        expiresAtMs: undefined,
        path: join(directory, `${createHash('sha256').update(secret).digest('hex')}.json.gz`),
      }
      kept.set(uid, one)
      await audit.record(principal, {
        action: 'search-job.export',
        subject: `search-job/${job}`,
        details: { fields: fields ?? null, events: total },
      })
      void write(principal, one, fields)
      return one
    },
    get: (principal, uid) => requireOwn(principal, kept.get(uid.toLowerCase()), uid),
    latest: (principal, jobUid) =>
      requireOwn(
        principal,
        [...kept.values()].findLast((one) => one.jobUid === jobUid.toLowerCase()),
        jobUid,
      ),
    open(secret) {
      const one = [...kept.values()].find((other) => other.secret === secret && other.status === 'done')
      if (!one || hasExpired(one)) throw notFound('export', 'of this address')
      return {
        // Node's stream types and the web's name the same streams.
        stream: Readable.toWeb(createReadStream(one.path)) as ReadableStream<Uint8Array>,
        sizeBytes: one.sizeBytes,
      }
    },
  }
}

function pick(event: FlatEvent, fields: readonly string[] | undefined): FlatEvent {
  const { timestamp, ...rest } = event
  if (!fields) return { '@timestamp': timestamp, ...rest }
  const wanted = fields.map((name) => [name, name === '@timestamp' ? timestamp : event[name]] as const)
  return Object.fromEntries(wanted.filter(([, value]) => value !== undefined))
}

async function* limitBytes(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let written = 0
  for await (const part of parts) {
    written += part.length
    if (written > MAX_EXPORT_BYTES)
      throw new DomainError(
        'too-large',
        'export-too-large',
        `An export has at most ${MAX_EXPORT_BYTES} bytes; ask for fewer fields or a shorter time.`,
      )
    yield part
  }
}
