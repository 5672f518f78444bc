import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { Selectable } from 'kysely'
import type { Principal } from '../auth/principal.ts'
import type { DataPaths } from '../data-paths.ts'
import type { ImportRow } from '../db/schema.ts'
import { DomainError, notFound } from '../errors/domain-error.ts'
import type { ServiceContext } from '../services/service-context.ts'
import { findDataSource } from '../services/timelines/create-data-source-service.ts'
import { findTimeline } from '../services/timelines/load-timelines.ts'
import type { TimelineService } from '../services/timelines/timeline-service.ts'
import { untilAborted } from '../services/until-aborted.ts'
import { AcceptedBacklog } from './accepted/accepted-backlog.ts'
import { listDueImports } from './accepted/due-imports.ts'
import { type CarriedImport, carryOut, endUnstarted } from './carry-out.ts'
import { enterImport } from './enter-import.ts'
import { OpenImport } from './import-job.ts'
import { ImportRest } from './import-rest.ts'
import type { ImportJob, ImportRequest, ImportService, StartedImport } from './import-service.ts'
import { IndexQueue } from './index-queue.ts'
import { measureInputs } from './input/measure-inputs.ts'
import { nameOfInput } from './input/name-of-input.ts'
import type { StartedPlace } from './log/describe-end.ts'
import { findImportRow, toImportJob } from './log/import-log.ts'
import { listRejectFiles } from './log/reject-file.ts'
import { UnrecordedEnds } from './log/unrecorded-ends.ts'
import { publishProgress } from './publish-progress.ts'
import { makeReady } from './threads/make-ready.ts'
import { StretchPool } from './threads/stretch-pool.ts'
import { isUntouched } from './timeline-chooser.ts'

/** Most jobs one listing returns. */
const MAX_LISTED = 1000

/** An import that an earlier process accepted. */
export interface ResumedImport extends Pick<StartedImport, 'ended'> {
  readonly principal: Principal
  readonly request: ImportRequest
}

/** The service and what its owner needs to stop it. */
export interface Importer {
  readonly service: ImportService
  /** Resolves when imports rest, or the signal aborts; see `ImportRest`. */
  untilRest(signal: AbortSignal): Promise<void>
  /** Rolls back what is being imported into these timelines. */
  cancelInto(timelineIds: readonly number[], reason: string): Promise<void>
  /**
   * Carries out what was accepted by an earlier process and not imported; once, before any other import is started.
   *
   * @returns When they are queued.
   */
  resume(): Promise<readonly ResumedImport[]>
  /**
   * Takes no more imports; open ones get so long and are then rolled back, those that were accepted left to the next process, at once
   * where they only wait to be tried again.
   */
  stop(deadlineMs: number): Promise<void>
}

/** Imports of this process. */
export function createImporter(
  context: ServiceContext,
  timelines: Pick<TimelineService, 'get' | 'chooseForImport'>,
  { rejects: rejectsDirectory, uploads: uploadsDirectory }: Pick<DataPaths, 'rejects' | 'uploads'>,
): Importer {
  const { db, access, audit } = context
  const open = new Map<string, OpenImport>()
  const pool = new StretchPool()
  const rest = new ImportRest()
  const unrecorded = new UnrecordedEnds(context)
  const workshop = { queue: new IndexQueue(), pool, unrecorded, rejectsDirectory, uploadsDirectory }
  const backlog = new AcceptedBacklog()
  let isStopping = false

  const requireRunning = (): void => {
    if (isStopping)
      throw new DomainError('unavailable', 'stopping', 'The server is stopping; import again later.')
  }
  const load = async (importId: string): Promise<ImportJob> => {
    const row = await findImportRow(db, importId)
    if (!row) throw notFound('import', importId.slice(0, 64))
    return toJob(row)
  }
  const toJob = (row: Selectable<ImportRow>): ImportJob =>
    unrecorded.find(row.id) ?? toImportJob(row, open.get(row.id)?.progress)

  /** @param leaveBacklog - To be called when it has ended. */
  const enlist = (
    principal: Principal,
    request: ImportRequest,
    place: StartedPlace,
    { bytesTotal, leaveBacklog }: { bytesTotal: number | undefined; leaveBacklog: (() => void) | undefined },
  ): CarriedImport => {
    const { importId: id, timeline } = place
    const { userId } = principal
    const job = new OpenImport({ id, request, timelineId: timeline.id, userId, bytesTotal })
    if (isUntouched(timeline)) job.madeTimelineIds.add(timeline.id)
    open.set(id, job)
    rest.follow(job.ended)
    if (leaveBacklog) void job.ended.then(leaveBacklog)
    return { principal, job, place, load: () => load(id), leave: () => open.delete(id) }
  }
  const begin = (carried: CarriedImport): void => {
    void publishProgress(context, carried.place.sketchId, carried.job)
    void carryOut(context, workshop, carried)
  }
  const startNow = async (
    principal: Principal,
    request: ImportRequest,
    more: Parameters<typeof enlist>[3],
  ): Promise<StartedImport> => {
    requireRunning()
    const place = await enterImport(context, timelines, principal, request, more.bytesTotal)
    const { importId, sketchId, timeline, dataSourceId } = place
    const carried = enlist(principal, request, place, more)
    try {
      await audit.record(principal, {
        action: 'import.start',
        subject: `import/${importId}`,
        sketchId,
        details: { timelineId: timeline.id, inputs: request.inputs.map(nameOfInput).slice(0, 20) },
      })
      const started: StartedImport = {
        job: await load(importId),
        timeline: (await findTimeline(db, timeline.id))!,
        dataSource: (await findDataSource(db, dataSourceId))!,
        ended: carried.job.ended,
      }
      begin(carried)
      return started
    } catch (error) {
      await endUnstarted(context, workshop, carried, error)
      throw error
    }
  }

  const service: ImportService = {
    expect(expected) {
      if (isStopping) return
      rest.expect()
      makeReady(pool, expected)
    },
    async start(principal, request) {
      requireRunning()
      await access.requireOpenSketch(principal, request.sketchId, 'write')
      await unrecorded.record()
      const bytesTotal = await measureInputs(request.inputs)
      const leaveBacklog = request.accept && (await backlog.enter(bytesTotal ?? 0, request.accept.signal))
      try {
        return await startNow(principal, request, { bytesTotal, leaveBacklog })
      } catch (error) {
        leaveBacklog?.()
        throw error
      }
    },
    async get(principal, importId) {
      const job = await load(importId)
      await access.requireSketch(principal, job.sketchId, 'read')
      return job
    },
    async list(principal, sketchId) {
      await access.requireSketch(principal, sketchId, 'read')
      const rows = await db
        .selectFrom('imports')
        .selectAll()
        .where('sketch_id', '=', sketchId)
        .orderBy('ordinal', 'desc')
        .limit(MAX_LISTED)
        .execute()
      return rows.map(toJob)
    },
    async listOpen(principal) {
      const own = [...open.values()].filter((job) => job.userId === principal.userId)
      return await Promise.all(own.map((job) => load(job.id)))
    },
    async *watch(importId, signal) {
      const job = open.get(importId)
      if (job) yield* job.watch(signal)
    },
    async waitForEnd(importId, signal) {
      const job = open.get(importId)
      if (!job) return await load(importId)
      return await untilAborted(job.ended, signal)
    },
    async cancel(principal, importId) {
      const found = await load(importId)
      await access.requireSketch(principal, found.sketchId, 'write')
      const job = open.get(importId)
      if (!job) return found
      job.cancel(`It was cancelled by ${principal.username}.`)
      await audit.record(principal, {
        action: 'import.cancel',
        subject: `import/${importId}`,
        sketchId: found.sketchId,
      })
      return await job.ended
    },
    async readRejects(principal, importId, kind, file) {
      const { files, sketchId } = await service.get(principal, importId)
      const paths = listRejectFiles(rejectsDirectory, { id: importId, files }, kind, file)
      if (paths.length === 0) throw notFound('reject file', importId)
      await audit.note(principal, {
        action: 'import.rejects',
        subject: `import/${importId}`,
        sketchId,
        details: { kind, ...(file === undefined ? {} : { file }) },
      })
      // Node's stream types and the web's name the same streams.
      return Readable.toWeb(Readable.from(readFiles(paths))) as ReadableStream<Uint8Array>
    },
  }

  return {
    service,
    untilRest: (signal) => rest.wait(signal),
    async resume() {
      const resumed: ResumedImport[] = []
      for (const { principal, request, place } of await listDueImports(db, uploadsDirectory)) {
        const { importId, sketchId } = place
        try {
          const bytesTotal = await measureInputs(request.inputs)
          const leaveBacklog = backlog.add(bytesTotal ?? 0)
          const carried = enlist(principal, request, place, { bytesTotal, leaveBacklog })
          begin(carried)
          resumed.push({ principal, request, ended: carried.job.ended })
          // Where there is no room for the word, the work is begun all the same.
          await audit
            .record('system', { action: 'import.resume', subject: `import/${importId}`, sketchId })
            .catch((error: unknown) =>
              context.log.error({ err: error, importId }, 'a resumed import is not audited'),
            )
        } catch (error) {
          context.log.error({ err: error, importId }, 'an accepted import waits for the next start')
        }
      }
      return resumed
    },
    async cancelInto(timelineIds, reason) {
      const wanted = new Set(timelineIds)
      const jobs = [...open.values()].filter((job) => !wanted.isDisjointFrom(job.timelineIds))
      for (const job of jobs) job.cancel(reason)
      await Promise.all(jobs.map((job) => job.ended))
    },
    async stop(deadlineMs) {
      isStopping = true
      const jobs = [...open.values()]
      for (const job of jobs) job.endTries()
      const timer = setTimeout(() => {
        for (const job of jobs) {
          if (job.request.accept) job.postpone()
          else job.cancel('The server was stopped before it ended.')
        }
      }, deadlineMs)
      await Promise.all(jobs.map((job) => job.ended))
      clearTimeout(timer)
      await unrecorded.close()
      await pool.close()
    },
  }
}

async function* readFiles(paths: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const path of paths) yield* createReadStream(path)
}
