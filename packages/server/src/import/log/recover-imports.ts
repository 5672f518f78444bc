import type { FileAccount } from '@timeskein/model'
import type { Selectable } from 'kysely'
import type { ImportRow } from '../../db/schema.ts'
import type { ServiceContext } from '../../services/service-context.ts'
import { findTimeline } from '../../services/timelines/load-timelines.ts'
import { findObstacle, putBack } from '../accepted/due-imports.ts'
import { nameStoredImport } from '../stored-import.ts'
import { listFilledTimelines } from './filled-timelines.ts'
import { finishImportRows } from './import-log.ts'

/** What became of an import that was open when the process ended. */
export interface RecoveredImport {
  readonly importId: string
  /** `queued`: it was accepted, nothing of it is stored, and it is to be carried out. */
  readonly status: 'queued' | 'done' | 'failed' | 'rolled-back'
  /** For whoever starts the next process: more than the import's own error where its sketch is left without events. */
  readonly message: string
}

/**
 * Settles imports that were queued or running when the process ended. The store has each of their files whole or not at
 * all; whether the last commit that was begun came to its end is asked of the store. Those that were accepted are left to be carried out
 * where nothing of them is stored.
 */
export async function recoverImports(
  context: Pick<ServiceContext, 'db' | 'store' | 'now' | 'log'>,
  uploadsDirectory: string,
): Promise<readonly RecoveredImport[]> {
  const rows = await context.db
    .selectFrom('imports')
    .selectAll()
    .where('status', 'in', ['queued', 'running'])
    .orderBy('ordinal')
    .execute()
  const recovered: RecoveredImport[] = []
  for (const row of rows) recovered.push(await settleImport(context, row, uploadsDirectory))
  return recovered
}

/** Settles one import that the log has as queued or running and that nobody works at; see `recoverImports`. */
export async function settleImport(
  context: Pick<ServiceContext, 'db' | 'store' | 'now' | 'log'>,
  row: Selectable<ImportRow>,
  uploadsDirectory: string,
): Promise<RecoveredImport> {
  const accounts = JSON.parse(row.files_json) as FileAccount[]
  const stored = await cutUnstored(context, row, accounts)
  // Of what was accepted the store is asked whatever the log says: it must not be there twice.
  const isUnaccounted =
    row.accepted_json !== null && stored.length === 0 && (await isStored(context, row, 1, undefined))
  const isOnlyAccepted = row.accepted_json !== null && stored.length === 0 && !isUnaccounted
  const what = await nameImport(context, row)
  const obstacle = isOnlyAccepted ? await takeUpAgain(context, row, uploadsDirectory) : undefined
  if (isOnlyAccepted && obstacle === undefined) {
    const message = `${what} had been accepted and was not done when the process ended: a server on this data directory carries it out.`
    return { importId: row.id, status: 'queued', message }
  }
  const isLastStored = accounts.length > 0 && stored.length === accounts.length
  const names = stored.map((account) => account.path).join(', ')
  const isComplete = isUnaccounted || (isLastStored && row.is_final_commit > 0)
  const isDone = isUnaccounted || (isComplete && row.is_final_commit === 1)
  const status = isDone ? 'done' : stored.length === 0 ? 'rolled-back' : 'failed'
  const rolledBack =
    obstacle === undefined
      ? `was cut off by the end of the process and was rolled back whole; import again`
      : `had been accepted and is not carried out, since ${obstacle}`
  const cut = isComplete
    ? `${what} had been committed when the process ended, and is complete${status === 'done' ? '' : ' but for what could not be read'}.`
    : stored.length === 0
      ? `${what} ${rolledBack}.`
      : `${what} was cut off by the end of the process: stored whole are ${names}; the rest was rolled back; import it again.`
  // What had been noted at the last commit that was begun: inputs that could not be read, and remarks.
  const noted = isUnaccounted
    ? 'How many rows it had is not known any more.'
    : stored.length === 0
      ? undefined
      : (row.error ?? undefined)
  const message = noted === undefined ? cut : `${cut}\n${noted}`
  await finishImportRows(context, {
    importId: row.id,
    timelineId: row.timeline_id,
    dataSourceId: row.data_source_id,
    status,
    files: stored,
    hasUnknownFiles: isUnaccounted,
    error: status === 'done' ? noted : message,
    hasRejects: stored.some((account) => account.rejected > 0),
    searchableSeconds: undefined,
  })
  const empty = status === 'rolled-back' ? await describeEmptySketch(context, row.sketch_id) : undefined
  return { importId: row.id, status, message: empty === undefined ? message : `${message} ${empty}` }
}

/** Leaves an accepted import to be carried out, unless something is in its way, which it returns. */
async function takeUpAgain(
  { db }: Pick<ServiceContext, 'db'>,
  row: Selectable<ImportRow>,
  uploadsDirectory: string,
): Promise<string | undefined> {
  const wasRunning = row.status === 'running'
  const cutOffCount = row.cut_off_count + (wasRunning ? 1 : 0)
  const obstacle = await findObstacle(db, { ...row, cut_off_count: cutOffCount }, uploadsDirectory)
  if (obstacle === undefined && wasRunning) await putBack(db, row.id, cutOffCount)
  return obstacle
}

/** What there is to say of a sketch in which an import was to be the first: whoever imports into a new name makes the sketch before. */
async function describeEmptySketch(
  context: Pick<ServiceContext, 'db' | 'store'>,
  sketchId: number,
): Promise<string | undefined> {
  const { db } = context
  const timelines = await db.selectFrom('timelines').select('id').where('sketch_id', '=', sketchId).execute()
  const ids = timelines.map(({ id }) => id)
  if (ids.length > 0 && (await listFilledTimelines(context, ids)).size > 0) return undefined
  const sketch = await db
    .selectFrom('sketches')
    .select('name')
    .where('id', '=', sketchId)
    .where('status', '!=', 'deleted')
    .executeTakeFirst()
  return (
    sketch &&
    `The sketch ${sketch.name} (${sketchId}) holds no events: delete it if it was made for this import and is not wanted.`
  )
}

/** What was imported, as it was named to us. */
export async function nameImport(
  { db }: Pick<ServiceContext, 'db'>,
  row: Selectable<ImportRow>,
): Promise<string> {
  const source = await db
    .selectFrom('data_sources')
    .select('original_filename')
    .where('id', '=', row.data_source_id)
    .executeTakeFirst()
  const name = source?.original_filename ?? ''
  const isNameless = name === '' || name === '-'
  const what = isNameless ? (row.accepted_json === null ? 'standard input' : 'uploaded events') : name
  return `The import of ${what} (${row.id})`
}

/**
 * The files that are in the store. Those of the last commit that was begun stand at the end, and are there all or none: of those in
 * front of the last one that is there nothing needs to be asked.
 */
async function cutUnstored(
  context: Pick<ServiceContext, 'db' | 'store'>,
  row: Selectable<ImportRow>,
  accounts: readonly FileAccount[],
): Promise<readonly FileAccount[]> {
  let end = accounts.length
  for (let at = accounts.length - 1; at >= 0; at--) {
    const { stored, timeline } = accounts[at]!
    if (stored === 0) continue
    if (await isStored(context, row, at + 1, timeline?.id)) break
    end = at
  }
  return accounts.slice(0, end)
}

async function isStored(
  { db, store }: Pick<ServiceContext, 'db' | 'store'>,
  row: Selectable<ImportRow>,
  file: number,
  timelineId: number | undefined,
): Promise<boolean> {
  const timeline = timelineId === undefined ? undefined : await findTimeline(db, timelineId)
  const indexName = timeline?.searchIndex.indexName ?? row.index_name
  const indexes = await store.listIndexes()
  if (!indexes.some((info) => info.index === indexName)) return false
  return await store.hasImport(indexName, nameStoredImport(row.id, file))
}
