import { isDeepStrictEqual } from 'node:util'
import type { PlatformState } from '@timeskein/ingest/platforms'
import type { Kysely, Selectable } from 'kysely'
import type { FindingRow } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { describeStatus } from '../findings/decide-finding.ts'
import type { FindingKind } from '../findings/finding.ts'
import { type FindingNote, noteFindingChanges } from '../findings/finding-notes.ts'
import { FINDING_TABLES } from '../findings/finding-rows.ts'

/** What a platform says of a finding that a person may change here as well. */
export interface ToldState {
  readonly title: string
  readonly severity: number
  readonly state: PlatformState
}

/** What a finding is by default: how it is when it is new. */
export const NEW_STATE: PlatformState = { status: 'open' }

type Row = Pick<Selectable<FindingRow>, 'id' | 'status' | 'resolution' | 'reason' | 'title' | 'severity'>

/**
 * Carries over to a finding what its platform has changed, with a note for each thing in its history. What the platform says as
 * before is left as it is here: somebody may have decided otherwise.
 *
 * @param before - What the platform said the last time.
 * @returns Whether anything is new.
 */
export async function syncFindingState(
  db: Kysely<Schema>,
  kind: FindingKind,
  row: Row,
  { before, after }: { readonly before: ToldState; readonly after: ToldState },
  nowMs: number,
): Promise<boolean> {
  const change: Partial<Row> = {}
  if (before.title !== after.title) change.title = after.title
  if (before.severity !== after.severity) change.severity = after.severity
  if (!isDeepStrictEqual(before.state, after.state)) {
    const { status, resolution, reason } = after.state
    Object.assign(change, describeStatus(row, status, null, nowMs))
    if (resolution !== undefined || before.state.resolution !== undefined)
      change.resolution = resolution ?? null
    if (reason !== undefined) change.reason = reason
  }
  const names = TOLD.filter((name) => change[name] !== undefined && change[name] !== row[name])
  if (names.length === 0) return false
  await db
    .updateTable(FINDING_TABLES[kind])
    .set({ ...change, updated_at_ms: nowMs })
    .where('id', '=', row.id)
    .execute()
  const notes = names.map(
    (name): FindingNote => ({
      kind,
      findingId: row.id,
      action: name,
      details: { from: row[name], to: change[name] },
    }),
  )
  await noteFindingChanges(db, undefined, notes, nowMs)
  return true
}

const TOLD = ['status', 'resolution', 'reason', 'severity', 'title'] as const
