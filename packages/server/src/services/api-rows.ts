import type {
  ApiAuditEntry,
  ApiImportJob,
  ApiImportProgress,
  ApiKeyRow,
  ApiMarkReport,
  ApiOperation,
  ApiSketch,
  ApiTimeline,
  ApiUser,
} from '@timeskein/model'
import { formatIsoTime } from '@timeskein/model'
import type { ApiKey } from '../auth/auth-service.ts'
import type { ImportJob, ImportProgress } from '../import/import-service.ts'
import type { AuditEntry } from './audit/audit-service.ts'
import { type MarkOperationRecord, type MarkResult, STAR_LABEL } from './marks/mark-service.ts'
import type { Sketch } from './sketches/sketch-service.ts'
import type { DataSource } from './timelines/data-source-service.ts'
import type { Timeline, TimelineStats } from './timelines/timeline-service.ts'
import type { User } from './users/user-service.ts'

// What the services know in the words of the model's schemas: our own API sends it, the command line prints it.

/** A user in the model's words. */
export function toApiUser(user: User): ApiUser {
  return { id: user.id, name: user.username, isAdmin: user.isAdmin, isActive: user.isActive }
}

/** An API key in the model's words, without its secret. */
export function toApiKeyRow(key: ApiKey): ApiKeyRow {
  return {
    id: key.id,
    user: key.username,
    name: key.name,
    prefix: key.prefix,
    scopes: [...key.scopes],
    kind: key.kind,
    ...(key.permissions === undefined ? {} : { permissions: [...key.permissions] }),
    isRevoked: key.revokedAtMs !== undefined,
  }
}

/** A sketch in the model's words. */
export function toApiSketch(sketch: Sketch): ApiSketch {
  return {
    id: sketch.id,
    name: sketch.name,
    description: sketch.description,
    status: sketch.status,
    owner: sketch.owner?.username ?? '',
    updatedAt: new Date(sketch.updatedAtMs).toISOString(),
    revision: sketch.revision,
  }
}

/** A timeline in the model's words. */
export function toApiTimeline(timeline: Timeline, stats: TimelineStats | undefined): ApiTimeline {
  return {
    id: timeline.id,
    name: timeline.name,
    status: timeline.status,
    index: timeline.searchIndex.indexName,
    events: stats?.eventCount ?? 0,
    ...(stats?.firstUs === undefined ? {} : { first: formatIsoTime(stats.firstUs) }),
    ...(stats?.lastUs === undefined ? {} : { last: formatIsoTime(stats.lastUs) }),
    problem: timeline.dataSources
      .filter((source) => source.errorMessage !== '' && !isMended(source, timeline.dataSources))
      .map((source) => source.errorMessage)
      .join('; '),
  }
}

/** Whether a later import of the same file, from the same place, has taken what was not taken of it. */
function isMended(
  { id, status, originalFilename, fileOnDisk }: DataSource,
  all: readonly DataSource[],
): boolean {
  if (status !== 'fail' || fileOnDisk === '') return false
  const isSame = (other: DataSource): boolean =>
    other.fileOnDisk === fileOnDisk && other.originalFilename === originalFilename
  return all.some((later) => later.id > id && later.status === 'ready' && isSame(later))
}

/** What an act of marking did, in the model's words. */
export function toApiMarkReport(result: MarkResult): ApiMarkReport {
  return {
    operationId: result.operationId,
    matched: result.matched,
    changed: result.changed,
    unknownIds: [...result.unknownIds],
  }
}

/** An operation of the log in the model's words. */
export function toApiOperation(record: MarkOperationRecord): ApiOperation {
  return {
    id: record.id,
    at: new Date(record.atMs).toISOString(),
    user: record.username,
    ...nameMark(record),
    ...(record.queryText === undefined ? {} : { query: record.queryText }),
    matched: record.matched,
    changed: record.changed,
    state: record.state,
  }
}

// A star is a label by its name in Timesketch; who starred asks for stars.
function nameMark({ kind, value }: MarkOperationRecord): { kind: string; value: string } {
  if (value !== STAR_LABEL || (kind !== 'label' && kind !== 'unlabel')) return { kind, value }
  return { kind: kind === 'label' ? 'star' : 'unstar', value: '' }
}

function isOpen({ status }: ImportJob): boolean {
  return status === 'queued' || status === 'running'
}

function toApiProgress({ bytesTotal, ...progress }: ImportProgress): ApiImportProgress {
  return { ...progress, ...(bytesTotal === undefined ? {} : { bytesTotal }) }
}

/** An import in the model's words. */
export function toApiImportJob(job: ImportJob): ApiImportJob {
  return {
    id: job.id,
    sketchId: job.sketchId,
    timelineId: job.timelineId,
    status: job.status,
    files: [...job.files],
    ...(job.progress && isOpen(job) ? { progress: toApiProgress(job.progress) } : {}),
    ...(job.error === undefined ? {} : { error: job.error }),
    ...(job.problems === undefined ? {} : { problems: [...job.problems] }),
    ...(job.refused === undefined ? {} : { refused: [...job.refused] }),
    ...(job.errorCode === undefined ? {} : { errorCode: job.errorCode }),
    hasRejects: job.hasRejects,
    ...(job.searchableSeconds === undefined ? {} : { searchableSeconds: job.searchableSeconds }),
    ...(job.indexedSeconds === undefined ? {} : { indexedSeconds: job.indexedSeconds }),
  }
}

/** An entry of the audit log in the model's words. */
export function toApiAuditEntry(entry: AuditEntry): ApiAuditEntry {
  return {
    id: entry.id,
    at: new Date(entry.atMs).toISOString(),
    user: entry.username,
    via: entry.via,
    ...(entry.dialect === undefined ? {} : { dialect: entry.dialect }),
    ...(entry.apiKeyId === undefined ? {} : { key: entry.apiKeyId }),
    address: entry.address,
    ...(entry.requestId === undefined ? {} : { requestId: entry.requestId }),
    action: entry.action,
    subject: entry.subject,
    ...(entry.sketchId === undefined ? {} : { sketch: entry.sketchId }),
    result: entry.result,
    details: entry.details,
  }
}
