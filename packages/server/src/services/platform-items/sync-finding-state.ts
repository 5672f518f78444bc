import { isDeepStrictEqual } from 'node:util'
import type { PlatformState } from '@timeskein/ingest/platforms'
import type { Kysely, Selectable } from 'kysely'
import type { FindingRow } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { chunk } from '../chunk.ts'
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

/** A finding, with what its platform said of it the last time and says now. */
export interface ToldChange {
  readonly row: Row
  readonly before: ToldState
  readonly after: ToldState
}

/**
 * Carries over to findings what their platform has changed, with a note for each thing in their history. What the platform says as
 * before is left as it is here: somebody may have decided otherwise.
 */
export async function syncFindingStates(
  db: Kysely<Schema>,
  kind: FindingKind,
  told: readonly ToldChange[],
  nowMs: number,
): Promise<void> {
  const notes: FindingNote[] = []
  const byChange = new Map<string, { readonly change: Partial<Row>; readonly ids: number[] }>()
  for (const { row, before, after } of told) {
    const change = describeChange(row, before, after, nowMs)
    const names = TOLD.filter((name) => change[name] !== undefined && change[name] !== row[name])
    if (names.length === 0) continue
    // What is changed alike is changed in one statement.
    const key = JSON.stringify(change)
    const alike = byChange.get(key)
    if (alike) alike.ids.push(row.id)
    else byChange.set(key, { change, ids: [row.id] })
    for (const name of names) {
      const details = { from: row[name], to: change[name] }
      notes.push({ kind, findingId: row.id, action: name, details })
    }
  }
  for (const { change, ids } of byChange.values())
    for (const some of chunk(ids))
      await db
        .updateTable(FINDING_TABLES[kind])
        .set({ ...change, updated_at_ms: nowMs })
        .where('id', 'in', some)
        .execute()
  await noteFindingChanges(db, undefined, notes, nowMs)
}

function describeChange(row: Row, before: ToldState, after: ToldState, nowMs: number): Partial<Row> {
  const change: Partial<Row> = {}
  if (before.title !== after.title) change.title = after.title
  if (before.severity !== after.severity) change.severity = after.severity
  if (isDeepStrictEqual(before.state, after.state)) return change
  const { status, resolution, reason } = after.state
  Object.assign(change, describeStatus(row, status, null, nowMs))
  if (resolution !== undefined || before.state.resolution !== undefined)
    change.resolution = resolution ?? null
  if (reason !== undefined) change.reason = reason
  return change
}

const TOLD = ['status', 'resolution', 'reason', 'severity', 'title'] as const
