import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kysely, Selectable } from 'kysely'
import { makePrincipal } from '../../auth/make-principal.ts'
import { ALL_SCOPES, type Principal } from '../../auth/principal.ts'
import type { ImportRow, Schema } from '../../db/schema.ts'
import { findTimeline } from '../../services/timelines/load-timelines.ts'
import type { ImportRequest } from '../import-service.ts'
import type { StartedPlace } from '../log/describe-end.ts'
import { nameAcceptedFile, readAcceptedWork } from './accepted-work.ts'

/** Work that was cut off so often, by the end of the process or a fault, is not taken up again: it may be what causes that. */
export const MAX_CUT_OFFS = 10

/** An import that was accepted by an earlier process and is to be carried out by this one. */
export interface DueImport {
  readonly principal: Principal
  readonly request: ImportRequest
  readonly place: StartedPlace
}

/** Accepted imports that have not ended, in the order in which they were accepted. */
export async function listDueImports(
  db: Kysely<Schema>,
  uploadsDirectory: string,
): Promise<readonly DueImport[]> {
  const rows = await db
    .selectFrom('imports')
    .innerJoin('users', 'users.id', 'imports.user_id')
    .selectAll('imports')
    .select('users.username')
    .where('imports.status', '=', 'queued')
    .where('imports.accepted_json', 'is not', null)
    .$narrowType<{ accepted_json: string }>()
    .orderBy('imports.ordinal')
    .execute()
  const due: DueImport[] = []
  for (const row of rows) {
    const timeline = await findTimeline(db, row.timeline_id)
    if (!timeline) continue
    // Who was allowed to when it was accepted; only events are added.
    const user = { id: row.user_id, username: row.username, is_admin: 0 }
    due.push({
      principal: makePrincipal(user, { via: 'local', scopes: ALL_SCOPES, address: 'local' }),
      request: readAcceptedWork(row, uploadsDirectory),
      place: { importId: row.id, sketchId: row.sketch_id, timeline, dataSourceId: row.data_source_id },
    })
  }
  return due
}

/** Names of files in the folder of uploads that accepted imports still need, or that are kept of those that were given up. */
export async function listDueFiles(db: Kysely<Schema>): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('imports')
    .select('accepted_json')
    .where(({ eb, or }) =>
      or([
        eb('status', 'in', ['queued', 'running']),
        eb('status', 'in', ['failed', 'rolled-back']).and('cut_off_count', '>=', MAX_CUT_OFFS),
      ]),
    )
    .where('accepted_json', 'is not', null)
    .execute()
  return new Set(rows.map((row) => nameAcceptedFile(row)!))
}

/** Why an accepted import of which nothing is stored is not carried out any more; undefined when it is to be. */
export async function findObstacle(
  db: Kysely<Schema>,
  row: Selectable<ImportRow>,
  uploadsDirectory: string,
): Promise<string | undefined> {
  if (row.cut_off_count >= MAX_CUT_OFFS)
    return `it was cut off ${row.cut_off_count} times. ${describeKept(nameAcceptedFile(row)!)}`
  const timeline = await findTimeline(db, row.timeline_id)
  if (!timeline || timeline.status === 'deleted' || timeline.status === 'archived')
    return `its timeline is ${timeline?.status ?? 'gone'}; upload again what is missing`
  try {
    await access(join(uploadsDirectory, nameAcceptedFile(row)!))
    return undefined
  } catch {
    // Whatever keeps it from being read keeps it from being imported.
    return 'what was uploaded cannot be read any more; upload it again'
  }
}

/** Where the only copy of what was accepted is, once its import was given up over no fault of the evidence. */
export function describeKept(file: string): string {
  return `What was uploaded is kept in the data directory, as uploads/${file}, until the timeline is deleted: import it from there`
}

/**
 * Counts a fault in the midst of an accepted import of which nothing is stored, and puts it back.
 *
 * @returns Whether it is to be tried again; false when that was done often enough, and it was not put back.
 */
export async function putBackAfterFault(db: Kysely<Schema>, importId: string): Promise<boolean> {
  const { cut_off_count } = await db
    .updateTable('imports')
    .set(({ eb }) => ({ cut_off_count: eb('cut_off_count', '+', 1) }))
    .where('id', '=', importId)
    .returning('cut_off_count')
    .executeTakeFirstOrThrow()
  if (cut_off_count >= MAX_CUT_OFFS) return false
  await putBack(db, importId)
  return true
}

/**
 * Puts an accepted import of which nothing is stored back to where it was before its work began.
 *
 * @param cutOffCount - How often its work was cut off by now. @default as often as before
 */
export async function putBack(db: Kysely<Schema>, importId: string, cutOffCount?: number): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('imports')
      .set({
        status: 'queued',
        files_json: '[]',
        error: null,
        has_rejects: 0,
        is_final_commit: 0,
        started_at_ms: null,
        ...(cutOffCount === undefined ? {} : { cut_off_count: cutOffCount }),
      })
      .where('id', '=', importId)
      .execute()
    await transaction
      .updateTable('data_sources')
      .set({ status: 'queueing' })
      .where('import_id', '=', importId)
      .execute()
  })
}
