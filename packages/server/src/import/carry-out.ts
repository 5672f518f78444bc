import type { Principal } from '../auth/principal.ts'
import { noteChange } from '../services/changes/note-change.ts'
import type { ServiceContext } from '../services/service-context.ts'
import { settleUnknownEnd } from './accepted/settle-unknown-end.ts'
import { enterItems } from './enter-items.ts'
import type { OpenImport } from './import-job.ts'
import type { ImportJob } from './import-service.ts'
import type { IndexQueue } from './index-queue.ts'
import {
  describeLost,
  describeUnknownEnd,
  describeUnrecorded,
  hasEnded,
  NOT_RECORDED,
  type StartedPlace,
} from './log/describe-end.ts'
import { dropEmptyTimelines } from './log/drop-empty-timelines.ts'
import { finishImportRows, type ImportEnd } from './log/import-log.ts'
import type { UnrecordedEnds } from './log/unrecorded-ends.ts'
import { runImport, type TurnEnd } from './run-import.ts'
import type { StretchPool } from './threads/stretch-pool.ts'
import { TimelineChooser } from './timeline-chooser.ts'

/** Between two tries of an import that was accepted and found the disk full, or another fault. */
const RETRY_MS = 30_000

/** What imports of one process share. */
export interface Workshop {
  readonly queue: IndexQueue
  /** Threads that read. */
  readonly pool: StretchPool
  readonly unrecorded: UnrecordedEnds
  readonly rejectsDirectory: string
  readonly uploadsDirectory: string
}

/** An import that is in the log, and what is done when it has ended. */
export interface CarriedImport {
  readonly principal: Principal
  readonly job: OpenImport
  readonly place: StartedPlace
  /** As the log, and who keeps what it could not take, have it. */
  readonly load: () => Promise<ImportJob>
  /** Called when nothing of it is under way any more, before those who wait for it are told. */
  readonly leave: () => void
}

/** Carries out an import; whatever fails, those who wait for its end are told. Never rejects. */
export async function carryOut(
  context: ServiceContext,
  workshop: Workshop,
  carried: CarriedImport,
): Promise<void> {
  const { principal, job, place, load, leave } = carried
  const { importId, sketchId, timeline } = place
  const { audit, log } = context
  workshop.pool.expectMore(job.request.moreFollows ?? false)
  let ended: ImportJob | undefined
  let failure: unknown
  try {
    const hasEnd = await runInTurn(context, workshop, carried).catch((error: unknown) => {
      failure = error
      log.error({ err: error, importId }, 'import could not be recorded')
      return true
    })
    leave()
    const found = await load()
    if (!hasEnd) {
      ended = found
      return
    }
    if (hasEnded(found)) ended = { ...found, ...job.outcome }
    else {
      const end = job.end ?? describeUnknownEnd(place)
      ended = describeUnrecorded(found, job, end, { failure, atMs: context.now() })
      workshop.unrecorded.add(ended, end)
    }
    // Before anything that can fail: what is stored is looked at, whatever becomes of the word about it.
    if (ended.files.some(({ stored }) => stored > 0)) context.lookAtEvents(principal, sketchId)
    ended = await enterItems(context, ended, workshop.unrecorded)
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
    log.error({ err: error, importId }, 'what follows the end of an import could not be done')
  } finally {
    leave()
    job.settle(ended ?? describeLost(job, place, context.now()))
  }
}

/**
 * Runs an import when its turn has come, and again where it was accepted and a fault came between.
 *
 * @returns Whether it has ended; false where it is left to the next process.
 */
async function runInTurn(
  context: ServiceContext,
  { queue, pool, rejectsDirectory, uploadsDirectory }: Workshop,
  { principal, job, place }: CarriedImport,
): Promise<boolean> {
  const { indexName } = place.timeline.searchIndex
  const chooser = new TimelineChooser(context, principal, job, indexName)
  const importPlace = {
    chooseTimeline: chooser.choose.bind(chooser),
    dataSourceId: place.dataSourceId,
    ...{ rejectsDirectory, uploadsDirectory, pool },
  }
  const run = async (): Promise<TurnEnd> =>
    await queue.add(indexName, async () => await runImport(context, job, importPlace))
  for (let end = await run(); end !== 'ended'; ) {
    if (job.isPostponed || !(await job.waitForTry(RETRY_MS))) return false
    if (end === 'queued') end = await run()
    else {
      end = await settleUnknownEnd(context, job, uploadsDirectory)
      if (end === 'unknown' && job.signal.aborted && !job.isPostponed) {
        await giveUp(context, job, place)
        return true
      }
    }
  }
  return true
}

/** Ends an import that is cancelled while nobody can say what is stored of it. */
async function giveUp(context: ServiceContext, job: OpenImport, place: StartedPlace): Promise<void> {
  const error =
    'The import was cancelled while nobody could say whether it is stored: look before it is imported again.'
  job.outcome = { problems: [error], refused: [] }
  job.end = { ...describeUnknownEnd(place), error, problems: [error] }
  await finishImportRows(context, job.end)
}

/** Ends an import that is in the log and could not be queued; never rejects. */
export async function endUnstarted(
  context: ServiceContext,
  { unrecorded }: Pick<Workshop, 'unrecorded'>,
  { job, place, leave }: Omit<CarriedImport, 'principal' | 'load'>,
  why: unknown,
): Promise<void> {
  leave()
  const lost = describeLost(job, place, context.now())
  job.settle(lost)
  const error = `The import could not be started: ${why instanceof Error ? why.message : String(why)}`
  const end: ImportEnd = { ...describeUnknownEnd(place), status: 'rolled-back', error }
  try {
    await finishImportRows(context, end)
  } catch (failure) {
    unrecorded.add({ ...lost, error: `${error}\n${NOT_RECORDED}` }, end)
    context.log.error(
      { err: failure, importId: place.importId },
      'import that could not be started could not be recorded',
    )
  }
}
