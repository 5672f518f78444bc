import { basename } from 'node:path'
import type { FileAccount } from '@timeskein/model'
import { isNoRoomCode } from '../errors/out-of-room.ts'
import { findSystemCode } from '../errors/system-code.ts'
import type { ServiceContext } from '../services/service-context.ts'
import { describeKept, MAX_CUT_OFFS, putBack, putBackAfterFault } from './accepted/due-imports.ts'
import { hasRejects } from './file-commits.ts'
import { FileImport } from './file-import.ts'
import { ImportCancelled, type OpenImport } from './import-job.ts'
import type { ImportPlace } from './import-place.ts'
import type { ImportOutcome } from './import-service.ts'
import { nameOfInput } from './input/name-of-input.ts'
import { addPlasoFiles } from './input/plaso-files.ts'
import { removeTemporary } from './input/remove-temporary.ts'
import { dropUnusedTimeline } from './log/drop-empty-timelines.ts'
import { finishImportRows } from './log/import-log.ts'
import { joinSentences } from './log/join-sentences.ts'
import { RejectFiles } from './log/reject-file.ts'

/**
 * How an import left its turn: with an end that is in the log; put back, to be carried out once more; or, where it was accepted, with a
 * commit of which the store could not say whether it is stored.
 */
export type TurnEnd = 'ended' | 'queued' | 'unknown'

/**
 * Carries out one import to its recorded end, whatever happens on the way. Each file (or entry of an archive) is there whole or not
 * at all. A file that cannot be read is reported and the others go on. One that was accepted and of which nothing is committed has no
 * end where it was postponed or a fault that is not the evidence's came between: it is queued again, and its input stays, also when it
 * was tried often enough.
 */
export async function runImport(
  context: ServiceContext,
  job: OpenImport,
  place: ImportPlace,
): Promise<TurnEnd> {
  const { db, metrics } = context
  const startedAtMs = context.now()
  const startMs = performance.now()
  const rejects = new RejectFiles(place.rejectsDirectory, job.id)
  const problems: string[] = []
  const refused: ImportOutcome['refused'][number][] = []
  let errorCode: string | undefined
  let isFault = false
  job.begin()
  const work = new FileImport(context, job, { ...place, rejects, startMs, problems, refused })
  let status: 'done' | 'failed' | 'rolled-back' = 'done'
  metrics.importsRunning.inc()
  try {
    await db
      .updateTable('imports')
      .set({ status: 'running', started_at_ms: startedAtMs })
      .where('id', '=', job.id)
      .execute()
    await db
      .updateTable('data_sources')
      .set({ status: 'processing', status_changed_at_ms: startedAtMs })
      .where('id', '=', place.dataSourceId)
      .execute()
    const { signal } = job
    // The readers of all formats are loaded with the first import: a server starts sooner without them.
    const { readInput } = await import('./input/read-input.ts')
    const reading = await addPlasoFiles(job.request.reading ?? {}, context)
    for (const input of job.request.inputs) {
      try {
        signal.throwIfAborted()
        await readInput(input, reading, work, refused, place, signal)
      } catch (error) {
        await work.abandonFile()
        if (signal.aborted || !isOfEvidence(error, job)) throw error
        problems.push(error.message)
      }
    }
    await work.commitLast()
    if (problems.length > 0) status = 'failed'
  } catch (error) {
    const reason = job.signal.aborted ? job.signal.reason : error
    const isCancelled = job.signal.aborted
    status = work.accounts.length === 0 && isCancelled ? 'rolled-back' : 'failed'
    if (!isCancelled) errorCode = findSystemCode(error)
    isFault = !isCancelled && !isOfEvidence(error, job)
    problems.push(
      describeFailure(reason, isCancelled ? (work.readingPath ?? nameInputs(job)) : undefined, {
        stored: work.accounts,
        isUnknown: job.isEndUnknown,
      }),
    )
    if (!isCancelled) context.log.error({ err: error, importId: job.id }, 'import failed')
  }
  metrics.importsRunning.dec()
  // Whatever fails from here on, the end is recorded.
  const closing: [what: string, work: () => Promise<void>][] = [
    ['What was not committed could not be rolled back', () => work.close()],
    ['The file of rejected rows could not be finished', () => rejects.close()],
  ]
  for (const [what, close] of closing) {
    try {
      await close()
    } catch (error) {
      status = 'failed'
      problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}.`)
      context.log.error({ err: error, importId: job.id }, 'an import could not be closed')
    }
  }
  if (job.isEndUnknown && job.request.accept) return 'unknown'
  const isDue = job.isPostponed || (isFault && job.request.accept !== undefined)
  const keepsInput = isDue && work.accounts.length === 0
  if (keepsInput) {
    const isCounted = !job.isPostponed && !isNoRoomCode(errorCode)
    if (await goBack(context, job, isCounted)) return 'queued'
    problems.push(`It was tried ${MAX_CUT_OFFS} times. ${describeKept(nameFile(job))}.`)
  }
  job.outcome = { problems, refused, ...(errorCode === undefined ? {} : { errorCode }) }
  job.end = {
    importId: job.id,
    timelineId: job.timelineId,
    dataSourceId: place.dataSourceId,
    status,
    files: work.accounts,
    error: joinSentences(job.outcome, work.accounts),
    problems,
    refused,
    hasRejects: hasRejects(work.accounts),
    searchableSeconds: work.searchableSeconds,
  }
  try {
    await finishImportRows(context, job.end)
    metrics.imports.inc({ status })
  } finally {
    if (!keepsInput) await removeTemporary(context, job)
  }
  await dropUnusedTimeline(context, job.end).catch((error: unknown) =>
    context.log.error({ err: error, importId: job.id }, 'an unused timeline could not be taken away'),
  )
  return 'ended'
}

/** Queues an accepted import again. @returns False when it was tried often enough. */
async function goBack({ db, log }: ServiceContext, job: OpenImport, isCounted: boolean): Promise<boolean> {
  try {
    if (isCounted) return await putBackAfterFault(db, job.id)
    await putBack(db, job.id)
  } catch (error) {
    // It stays where it is, and the store tells the next start that nothing of it is there.
    log.error({ err: error, importId: job.id }, 'an accepted import could not be put back')
  }
  return true
}

/** Errors that say in words for the caller what is wrong with an input. */
const INPUT_ERRORS = new Set([
  'AccountError',
  'ArchiveLimitError',
  'InputError',
  'MappingError',
  'ReaderFaultError',
  'UnknownEncodingError',
  'UnknownFormatError',
  'UnknownZoneError',
])

/** Whether an error is the evidence's own; a file that was accepted could be read when it came, so that the system's are not. */
function isOfEvidence(error: unknown, { request }: OpenImport): error is Error {
  if (request.accept && findSystemCode(error) !== undefined) return false
  return error instanceof Error && INPUT_ERRORS.has(error.name)
}

/** @param cancelled - What was being read when it was cancelled; undefined where it failed. */
function describeFailure(
  error: unknown,
  cancelled: string | undefined,
  { stored, isUnknown }: { readonly stored: readonly FileAccount[]; readonly isUnknown: boolean },
): string {
  const names = stored.map((account) => account.path).join(', ')
  const kept = stored.length === 0 ? '' : `Stored whole: ${names}; `
  const rest = isUnknown
    ? `${kept === '' ? 'W' : `${kept}w`}hether what was committed last is stored is not known: look before it is imported again.`
    : kept === ''
      ? 'Nothing was stored.'
      : `${kept}the rest was rolled back.`
  if (cancelled === undefined)
    return `The import failed: ${(error instanceof Error ? error.message : String(error)).replace(/\.?$/, '.')} ${rest}`
  const why = error instanceof ImportCancelled ? error.message : `The import of ${cancelled} was cancelled.`
  return `${why} ${rest}`
}

/** The file of an accepted import. */
function nameFile({ request }: OpenImport): string {
  const [input] = request.inputs
  return input && 'path' in input ? basename(input.path) : ''
}

function nameInputs({ request }: OpenImport): string {
  return request.inputs
    .map((input) => ('path' in input && input.name === undefined ? basename(input.path) : nameOfInput(input)))
    .join(', ')
}
