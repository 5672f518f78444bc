import { findSystemCode } from '../../errors/system-code.ts'
import type { Timeline } from '../../services/timelines/timeline-service.ts'
import type { OpenImport } from '../import-job.ts'
import type { ImportJob } from '../import-service.ts'
import type { ImportEnd } from './import-log.ts'

/** What is known of an import once it is in the log. */
export interface StartedPlace {
  readonly importId: string
  readonly sketchId: number
  readonly timeline: Timeline
  readonly dataSourceId: number
}

/** Said of an import whose end the log did not take. */
export const NOT_RECORDED =
  'The end of the import could not be recorded: that is tried again while the server runs, and its next start finds out what is stored.'

/** Whether nothing more is done for it. */
export function hasEnded({ status }: ImportJob): boolean {
  return status !== 'queued' && status !== 'running'
}

/**
 * A job whose end the log could not take: what is known of it here is told all the same.
 *
 * @param told.failure - Why the log could not take it.
 */
export function describeUnrecorded(
  found: ImportJob,
  { outcome }: OpenImport,
  { files, hasRejects, searchableSeconds }: ImportEnd,
  told: { readonly failure: unknown; readonly atMs: number },
): ImportJob {
  const problems = [...(outcome?.problems ?? []), NOT_RECORDED]
  const errorCode = outcome?.errorCode ?? findSystemCode(told.failure)
  return {
    ...found,
    ...outcome,
    ...(errorCode === undefined ? {} : { errorCode }),
    status: 'failed',
    files,
    hasRejects,
    searchableSeconds,
    progress: undefined,
    problems,
    error: problems.join('\n'),
    endedAtMs: told.atMs,
  }
}

/** How an import ended of which nothing is known but that it did. */
export function describeUnknownEnd({ importId, timeline, dataSourceId }: StartedPlace): ImportEnd {
  return {
    importId,
    timelineId: timeline.id,
    dataSourceId,
    status: 'failed',
    files: [],
    error: 'The import ended by a fault of the server.',
    hasRejects: false,
    searchableSeconds: undefined,
  }
}

/** A job as it is told when the log cannot be read. */
export function describeLost(job: OpenImport, place: StartedPlace, atMs: number): ImportJob {
  return {
    id: place.importId,
    sketchId: place.sketchId,
    timelineId: place.timeline.id,
    indexName: place.timeline.searchIndex.indexName,
    userId: job.userId,
    status: 'failed',
    files: [],
    error: NOT_RECORDED,
    hasRejects: false,
    progress: undefined,
    searchableSeconds: undefined,
    indexedSeconds: undefined,
    queuedAtMs: atMs,
    startedAtMs: undefined,
    endedAtMs: atMs,
  }
}
