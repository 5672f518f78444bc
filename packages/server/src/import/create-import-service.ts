import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { Selectable } from 'kysely'
import type { Principal } from '../auth/principal.ts'
import type { DataPaths } from '../data-paths.ts'
import type { ImportRow } from '../db/schema.ts'
import { conflict, DomainError, notFound } from '../errors/domain-error.ts'
import { noteChange } from '../services/changes/note-change.ts'
import { pause } from '../services/pause.ts'
import { enterImportedItems, isPlatformFile } from '../services/platform-items/enter-imported-items.ts'
import type { ServiceContext } from '../services/service-context.ts'
import { findDataSource } from '../services/timelines/create-data-source-service.ts'
import { findTimeline } from '../services/timelines/load-timelines.ts'
import type { Timeline, TimelineService } from '../services/timelines/timeline-service.ts'
import { untilAborted } from '../services/until-aborted.ts'
import { AcceptedBacklog } from './accepted/accepted-backlog.ts'
import { listDueImports } from './accepted/due-imports.ts'
import { OpenImport } from './import-job.ts'
import type { ImportPlace } from './import-place.ts'
import { ImportRest } from './import-rest.ts'
import type { ImportJob, ImportRequest, ImportService, StartedImport } from './import-service.ts'
import { IndexQueue } from './index-queue.ts'
import { measureInputs } from './input/measure-inputs.ts'
import {
  describeLost,
  describeUnknownEnd,
  describeUnrecorded,
  hasEnded,
  NOT_RECORDED,
  type StartedPlace,
} from './log/describe-end.ts'
import { dropEmptyTimelines } from './log/drop-empty-timelines.ts'
import { listFilledTimelines } from './log/filled-timelines.ts'
import { findImportRow, finishImportRows, type ImportEnd, toImportJob } from './log/import-log.ts'
import { recordStart } from './log/record-start.ts'
import { nameRejects } from './log/reject-file.ts'
import { UnrecordedEnds } from './log/unrecorded-ends.ts'
import { publishProgress } from './publish-progress.ts'
import { runImport } from './run-import.ts'
import { makeReady } from './threads/make-ready.ts'
import { StretchPool } from './threads/stretch-pool.ts'
import {
  type FileOrigin,
  isUntouched,
  nameOfInput,
  TimelineChooser,
  type TimelinePlace,
} from './timeline-chooser.ts'

/** Between two tries of an import that was accepted and found the disk full, or another fault. */
const RETRY_MS = 30_000
/** How often a timeline is chosen for an import when the one before went away, since another import left it empty. */
const MAX_CHOICES = 3
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
  /** Takes no more imports; open ones get so long and are then rolled back, those that were accepted left to the next process. */
  stop(deadlineMs: number): Promise<void>
}

/** Imports of this process. */
export function createImporter(
  context: ServiceContext,
  timelines: TimelineService,
  { rejects: rejectsDirectory, uploads: uploadsDirectory }: Pick<DataPaths, 'rejects' | 'uploads'>,
): Importer {
  const { db, access, audit } = context
  const open = new Map<string, OpenImport>()
  const queue = new IndexQueue()
  const pool = new StretchPool()
  const rest = new ImportRest()
  const unrecorded = new UnrecordedEnds(context)
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

  /** Items of platforms that came with the files become alerts, incidents and devices. */
  const enterItems = async (ended: ImportJob): Promise<ImportJob> => {
    const files = ended.files.filter((file) => isPlatformFile(file) && file.stored + file.duplicates > 0)
    try {
      for (const timelineId of new Set(files.map(({ timeline }) => timeline?.id ?? ended.timelineId)))
        await enterImportedItems(context, ended.sketchId, timelineId)
      return ended
    } catch (error) {
      context.log.error({ err: error, importId: ended.id }, 'items of platforms could not be entered')
      const why = error instanceof Error ? error.message : String(error)
      const problem = `The events are stored, but not all of the alerts, incidents and devices that they tell of (${why}); import again to complete them.`
      return { ...ended, problems: [...(ended.problems ?? []), problem] }
    }
  }

  /** Runs an import when its turn has come, and again where it was accepted and a fault came between, as often as `runImport` asks. */
  const runInTurn = async (job: OpenImport, indexName: string, place: ImportPlace): Promise<void> => {
    for (;;) {
      await queue.add(indexName, () => runImport(context, job, place))
      if (job.end || job.isLeft) return
      await pause(RETRY_MS, job.signal)
    }
  }

  /** Carries out an import; whatever fails, those who wait for its end are told. */
  const carryOut = async (principal: Principal, job: OpenImport, place: StartedPlace): Promise<void> => {
    const { importId, sketchId, timeline, dataSourceId } = place
    const { indexName } = timeline.searchIndex
    const chooser = new TimelineChooser(context, principal, job, indexName)
    const chooseTimeline = (origin: FileOrigin): Promise<TimelinePlace> => chooser.choose(origin)
    const importPlace = { chooseTimeline, dataSourceId, rejectsDirectory, uploadsDirectory, pool }
    pool.expectMore(job.request.moreFollows ?? false)
    let ended: ImportJob | undefined
    let failure: unknown
    try {
      await runInTurn(job, indexName, importPlace).catch((error: unknown) => {
        failure = error
        context.log.error({ err: error, importId }, 'import could not be recorded')
      })
      const found = await load(importId)
      open.delete(importId)
      if (job.isLeft && !job.end) {
        ended = found
        return
      }
      if (hasEnded(found)) ended = { ...found, ...job.outcome }
      else {
        const end = job.end ?? describeUnknownEnd(place)
        ended = describeUnrecorded(found, job, end, { failure, atMs: context.now() })
        unrecorded.add(ended, end)
      }
      // Before anything that can fail: what is stored is looked at, whatever becomes of the word about it.
      if (ended.files.some(({ stored }) => stored > 0)) context.lookAtEvents(principal, sketchId)
      ended = await enterItems(ended)
      await audit.record(principal, {
        action: 'import.end',
        subject: `import/${importId}`,
        sketchId,
        result: ended.status === 'done' ? 'ok' : 'failed',
        details: { status: ended.status },
      })
      await noteChange(context, sketchId, 'events', { importId, timelineId: timeline.id })
      if (job.request.leavesNoEmptyTimeline && job.end && hasEnded(found))
        await dropEmptyTimelines(context, job.end, job.madeTimelineIds)
    } catch (error) {
      context.log.error({ err: error, importId }, 'end of import could not be recorded')
    } finally {
      open.delete(importId)
      job.settle(ended ?? describeLost(job, place, context.now()))
    }
  }
  /** Ends an import that was recorded and could not be queued. */
  const endUnstarted = async (job: OpenImport, place: StartedPlace, error: unknown): Promise<void> => {
    const { importId, timeline } = place
    open.delete(importId)
    const lost = describeLost(job, place, context.now())
    job.settle(lost)
    const end: ImportEnd = {
      ...describeUnknownEnd(place),
      status: 'rolled-back',
      error: `The import could not be started: ${error instanceof Error ? error.message : String(error)}`,
    }
    try {
      const filledTimelines = await listFilledTimelines(context, [timeline.id])
      await finishImportRows(context, { ...end, filledTimelines })
    } catch (failure) {
      unrecorded.add({ ...lost, error: `${end.error}\n${NOT_RECORDED}` }, end)
      context.log.error({ err: failure, importId }, 'import that could not be started could not be recorded')
    }
  }

  const enlist = (
    { importId, timeline }: StartedPlace,
    request: ImportRequest,
    { userId, bytesTotal }: { userId: number; bytesTotal: number | undefined },
    leave: (() => void) | undefined,
  ): OpenImport => {
    const job = new OpenImport({ id: importId, request, timelineId: timeline.id, userId, bytesTotal })
    if (isUntouched(timeline)) job.madeTimelineIds.add(timeline.id)
    open.set(importId, job)
    rest.follow(job.ended)
    if (leave) void job.ended.then(leave)
    return job
  }
  /** @param leave - To be called when it has ended. */
  const startNow = async (
    principal: Principal,
    request: ImportRequest,
    bytesTotal: number | undefined,
    leave: (() => void) | undefined,
  ): Promise<StartedImport> => {
    requireRunning()
    const importId = randomBytes(16).toString('hex')
    let timeline = await chooseTimeline(timelines, principal, request)
    const record = async (): Promise<number | undefined> =>
      await recordStart(context, principal, request, { importId, timeline, bytesTotal })
    let dataSourceId = await record()
    for (let choice = 2; dataSourceId === undefined && choice <= MAX_CHOICES; choice++) {
      timeline = await chooseTimeline(timelines, principal, request)
      dataSourceId = await record()
    }
    if (dataSourceId === undefined)
      throw conflict('timeline-closed', `Timeline ${timeline.id} went away.`, { timelineId: timeline.id })
    const place = { importId, sketchId: request.sketchId, timeline, dataSourceId }
    const job = enlist(place, request, { userId: principal.userId, bytesTotal }, leave)
    try {
      await audit.record(principal, {
        action: 'import.start',
        subject: `import/${importId}`,
        sketchId: request.sketchId,
        details: { timelineId: timeline.id, inputs: request.inputs.map(nameOfInput).slice(0, 20) },
      })
      const started: StartedImport = {
        job: await load(importId),
        timeline: (await findTimeline(db, timeline.id))!,
        dataSource: (await findDataSource(db, dataSourceId))!,
        ended: job.ended,
      }
      void publishProgress(context, request.sketchId, job)
      void carryOut(principal, job, place)
      return started
    } catch (error) {
      await endUnstarted(job, place, error)
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
      const leave = request.accept && (await backlog.enter(bytesTotal ?? 0, request.accept.signal))
      try {
        return await startNow(principal, request, bytesTotal, leave)
      } catch (error) {
        leave?.()
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
      const paths = files
        .map((account, place) => ({ account, place: place + 1 }))
        .filter(({ account, place }) => account.rejected > 0 && (file ?? place) === place)
        .map(({ place }) => nameRejects(rejectsDirectory, importId, place)[kind])
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
          const leave = backlog.add(bytesTotal ?? 0)
          const job = enlist(place, request, { userId: principal.userId, bytesTotal }, leave)
          void publishProgress(context, sketchId, job)
          void carryOut(principal, job, place)
          resumed.push({ principal, request, ended: job.ended })
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

async function chooseTimeline(
  timelines: TimelineService,
  principal: Principal,
  request: ImportRequest,
): Promise<Timeline> {
  if ('id' in request.timeline) {
    const timeline = await timelines.get(principal, request.sketchId, request.timeline.id)
    if (timeline.status === 'archived' || timeline.status === 'deleted') {
      throw conflict('timeline-closed', `Timeline ${timeline.id} is ${timeline.status}.`, {
        timelineId: timeline.id,
      })
    }
    return timeline
  }
  return await timelines.chooseForImport(principal, request.sketchId, request.timeline)
}
