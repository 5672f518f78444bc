import { type FileAccount, shortenText } from '@timeskein/model'
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { ImportRow, Schema } from '../../db/schema.ts'
import type { ServiceContext } from '../../services/service-context.ts'
import type { ImportJob, ImportOutcome, ImportProgress, ImportStatus } from '../import-service.ts'
import { listItemTimelines } from './due-items.ts'
import { findFilledTimelines } from './filled-timelines.ts'
import { joinSentences } from './join-sentences.ts'

/** Characters of a sentence about a row that a data source has: lists of timelines show it. */
const TOLD_DETAIL_LENGTH = 300

/** How an import ended. */
export interface ImportEnd {
  readonly importId: string
  readonly timelineId: number
  readonly dataSourceId: number
  readonly status: 'done' | 'failed' | 'rolled-back'
  readonly files: readonly FileAccount[]
  /** It is stored, and what its files were is not known any more. @default false */
  readonly hasUnknownFiles?: boolean
  /** Nothing of what its items of platforms tell of is to be entered any more. @default false */
  readonly areItemsEntered?: boolean
  readonly error: string | undefined
  /** What of it could not be read or went wrong, where that is known apart from remarks about files. */
  readonly problems?: readonly string[]
  /** Entries of archives that are not read, where they are known. */
  readonly refused?: ImportOutcome['refused']
  readonly hasRejects: boolean
  readonly searchableSeconds: number | undefined
}

/**
 * Writes the end of an import to its own row, its data sources and its timelines, together: a timeline that has events, of whichever
 * import, stays in sight; one of whose files every row was rejected has failed. Where it brought items of platforms it is noted that they
 * are to be entered.
 */
export async function finishImportRows(
  context: Pick<ServiceContext, 'db' | 'store' | 'now' | 'log'>,
  end: ImportEnd,
): Promise<void> {
  const now = context.now()
  const isDone = end.status === 'done'
  const hasItems = !end.areItemsEntered && (end.hasUnknownFiles || listItemTimelines(end).length > 0)
  const filled =
    isDone && !end.files.some(isAllRejected) ? undefined : await findFilledTimelines(context, end)
  await context.db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('imports')
      .set({
        status: end.status,
        files_json: JSON.stringify(end.files),
        error: end.error ?? null,
        has_rejects: end.hasRejects ? 1 : 0,
        searchable_seconds: end.searchableSeconds ?? null,
        // Words are indexed before rows are written: both are complete at the commit.
        indexed_seconds: end.searchableSeconds ?? null,
        items_tries: hasItems ? 0 : null,
        ended_at_ms: now,
      })
      .where('id', '=', end.importId)
      .execute()
    const sources = await transaction
      .selectFrom('data_sources')
      .select(['id', 'timeline_id'])
      .where('import_id', '=', end.importId)
      .execute()
    const failed = new Set<number>()
    for (const source of sources) {
      const files = end.files.filter(
        ({ timeline }) => (timeline?.id ?? end.timelineId) === source.timeline_id,
      )
      const isTaken = isDone && (files.length === 0 || !files.every(isAllRejected))
      if (!isTaken) failed.add(source.timeline_id)
      await transaction
        .updateTable('data_sources')
        .set({
          status: isTaken ? 'ready' : 'fail',
          status_changed_at_ms: now,
          updated_at_ms: now,
          total_file_events: files.reduce((sum, file) => sum + file.read, 0),
          error_message: describeErrors(end, files, sources.length === 1),
        })
        .where('id', '=', source.id)
        .execute()
    }
    const timelineIds = new Set([end.timelineId, ...sources.map((source) => source.timeline_id)])
    for (const timelineId of timelineIds) {
      const isTaken = isDone && !failed.has(timelineId)
      await finishTimeline(transaction, timelineId, isTaken || filled?.has(timelineId) === true, now)
    }
  })
}

/**
 * What went wrong with one of an import's data sources; '' where nothing did. Text that was lost is told here too, since a client of
 * Timesketch sees no more of an import than this; other remarks, and files of formats that are not read, are no errors: the import
 * tells them.
 *
 * @param isOnly - It is the import's only one: of several it is not known which an entry would have gone to.
 */
function describeErrors(
  { status, error, problems, refused = [] }: ImportEnd,
  files: readonly FileAccount[],
  isOnly: boolean,
): string {
  const unreadable = isOnly ? refused.filter(({ refusal }) => refusal === 'unreadable') : []
  const told = problems ?? (status === 'done' || error === undefined ? [] : [error])
  const lost = [describeRejects(files), describeLostText(files)].filter((sentence) => sentence !== '')
  return joinSentences({ problems: [...told, ...lost], refused: unreadable }, []) ?? ''
}

/** A timeline that no other import fills is ready now, or has failed. */
async function finishTimeline(
  transaction: Transaction<Schema>,
  timelineId: number,
  isReady: boolean,
  now: number,
): Promise<void> {
  const others = await transaction
    .selectFrom('imports')
    .leftJoin('data_sources', 'data_sources.import_id', 'imports.id')
    .select('imports.id')
    .where(({ eb, or }) =>
      or([eb('imports.timeline_id', '=', timelineId), eb('data_sources.timeline_id', '=', timelineId)]),
    )
    .where('imports.status', 'in', ['queued', 'running'])
    .executeTakeFirst()
  if (others) return
  await transaction
    .updateTable('timelines')
    .set({ status: isReady ? 'ready' : 'fail', status_changed_at_ms: now, updated_at_ms: now })
    .where('id', '=', timelineId)
    .where('status', '=', 'processing')
    .execute()
  const timeline = await transaction
    .selectFrom('timelines')
    .select('search_index_id')
    .where('id', '=', timelineId)
    .executeTakeFirst()
  if (!timeline) return
  await transaction
    .updateTable('search_indexes')
    .set({ status: 'ready', status_changed_at_ms: now, updated_at_ms: now })
    .where('id', '=', timeline.search_index_id)
    .where('status', 'in', ['new', 'processing'])
    .execute()
}

/** Whether a file had rows, of which not one is an event of its timeline now. */
function isAllRejected({ rejected, stored, duplicates }: FileAccount): boolean {
  return rejected > 0 && stored + duplicates === 0
}

function describeLostText(files: readonly FileAccount[]): string {
  return files.some(({ undecoded = 0 }) => undecoded > 0)
    ? 'Some of the text could not be decoded; U+FFFD stands in its place. It may be of another encoding.'
    : ''
}

function describeRejects(files: readonly FileAccount[]): string {
  const rejected = files.reduce((sum, file) => sum + file.rejected, 0)
  const read = files.reduce((sum, file) => sum + file.read, 0)
  if (rejected === 0) return ''
  const reasons = new Map<string, number>()
  for (const file of files) {
    for (const [reason, count] of Object.entries(file.reasons)) {
      reasons.set(reason, (reasons.get(reason) ?? 0) + count)
    }
  }
  const [most] = [...reasons].toSorted((a, b) => b[1] - a[1])
  const common = most
    ? ` The most common reason is '${most[0]}' (${most[1]})${describeFirst(files, most[0])}.`
    : ''
  return `${read - rejected} out of ${read} events imported.${common}`
}

/** What was wrong where rows were rejected for a reason first. */
function describeFirst(files: readonly FileAccount[], reason: string): string {
  const first = files.map(({ first_rejects }) => first_rejects?.[reason]).find((one) => one !== undefined)
  return first === undefined
    ? ''
    : `, first: ${shortenText(first.detail.replace(/\.$/, ''), TOLD_DETAIL_LENGTH)}`
}

/** An import as the log has it. */
export async function findImportRow(
  db: Kysely<Schema>,
  importId: string,
): Promise<Selectable<ImportRow> | undefined> {
  return await db.selectFrom('imports').selectAll().where('id', '=', importId).executeTakeFirst()
}

/** Makes a job of its row. */
export function toImportJob(row: Selectable<ImportRow>, progress?: ImportProgress): ImportJob {
  return {
    id: row.id,
    sketchId: row.sketch_id,
    timelineId: row.timeline_id,
    indexName: row.index_name,
    userId: row.user_id,
    status: row.status as ImportStatus,
    files: JSON.parse(row.files_json) as FileAccount[],
    error: row.error ?? undefined,
    hasRejects: row.has_rejects === 1,
    progress,
    searchableSeconds: row.searchable_seconds ?? undefined,
    indexedSeconds: row.indexed_seconds ?? undefined,
    queuedAtMs: row.queued_at_ms,
    startedAtMs: row.started_at_ms ?? undefined,
    endedAtMs: row.ended_at_ms ?? undefined,
  }
}
