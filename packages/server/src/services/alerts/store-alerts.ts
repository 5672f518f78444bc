import { hash } from 'node:crypto'
import type { Insertable, Kysely, Selectable } from 'kysely'
import type { AlertRow } from '../../db/alert-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { conflict } from '../../errors/domain-error.ts'
import { chunk } from '../chunk.ts'
import { toNameKey } from '../devices/name-key.ts'
import type { FindingStatus } from '../findings/finding.ts'
import { isEnded } from '../findings/finding.ts'
import { type FindingNote, noteFindingChanges } from '../findings/finding-notes.ts'
import { toStoredUs } from '../findings/finding-rows.ts'
import { prepareRows } from '../many-rows.ts'
import { type AlertDraft, type AlertSpan, type Evidence, MAX_EVIDENCE } from './alert-service.ts'
import { toEngineColumns } from './engine.ts'

/** Rows in one statement at most: each brings its columns as parameters. */
const ROWS_AT_ONCE = 100

const insertAlerts = prepareRows(ROWS_AT_ONCE, (db, rows: readonly Insertable<AlertRow>[]) =>
  db.insertInto('alerts').values(rows).returning('id'),
)

/** Longest key that a message repeats. */
const MAX_TOLD_KEY = 128

/** How what a draft tells of a timeline stands to what is known of it: all there is, or what came since. */
export type SpanMode = 'whole' | 'more'

/** Alerts that were stored. */
export interface AlertChanges {
  /** Row ids. */
  readonly created: readonly number[]
  /** Those with more events than before. */
  readonly grown: readonly number[]
  readonly unchanged: number
}

type Counts = Record<string, { count: number; first: number; last: number }>

/**
 * Makes alerts, or brings up to date those that are there; those of one key are one. Told again, the same makes no difference; with
 * more events an alert that was closed, not rejected, is open again. To be called in a transaction.
 *
 * @throws {DomainError} `conflict` (`alert-key-taken`) for a key that is that of an alert of another sketch or source.
 */
export async function storeAlerts(
  db: Kysely<Schema>,
  drafts: readonly AlertDraft[],
  options: {
    readonly mode: SpanMode
    readonly organisationId: number
    readonly deviceIds: ReadonlyMap<string, number>
    readonly nowMs: number
    /** The state is another's to say: a closed alert stays closed however many events it has. @default false */
    readonly keepsState?: boolean
  },
): Promise<AlertChanges> {
  const { nowMs, keepsState = false } = options
  const created: number[] = []
  const grown: number[] = []
  const notes: FindingNote[] = []
  let unchanged = 0
  for (const some of chunk(joinDrafts(drafts), ROWS_AT_ONCE)) {
    const rows = await db
      .selectFrom('alerts')
      .selectAll()
      .where(
        'source_key',
        'in',
        some.map(({ sourceKey }) => sourceKey),
      )
      .execute()
    const known = new Map(rows.map((row) => [row.source_key, row]))
    const fresh = some.filter(({ sourceKey }) => !known.has(sourceKey))
    if (fresh.length > 0) {
      const made = await insertAlerts(
        db,
        fresh.map((draft) => toRow(draft, options)),
      )
      for (const { id } of made) {
        created.push(id)
        notes.push({ kind: 'alert', findingId: id, action: 'created' })
      }
    }
    for (const draft of some) {
      const row = known.get(draft.sourceKey)
      if (!row) continue
      requireSame(draft, row.sketch_id, row.source)
      const change = merge(row, draft, draft.tellsAll ? 'whole' : options.mode)
      if (!change) {
        unchanged++
        continue
      }
      const hasGrown = change.count > row.count
      const isReopened = hasGrown && row.status === 'closed' && !keepsState
      await db
        .updateTable('alerts')
        .set({ ...change, updated_at_ms: nowMs, ...(isReopened ? REOPENED : {}) })
        .where('id', '=', row.id)
        .execute()
      if (!hasGrown) {
        unchanged++
        continue
      }
      grown.push(row.id)
      const details = { from: row.count, to: change.count }
      notes.push({ kind: 'alert', findingId: row.id, action: isReopened ? 'reopened' : 'evidence', details })
    }
  }
  await noteFindingChanges(db, undefined, notes, nowMs)
  return { created, grown, unchanged }
}

/** What a finding is again that new evidence opens. */
export const REOPENED = {
  status: 'open',
  resolution: null,
  reason: '',
  closed_at_ms: null,
  closed_by_id: null,
} as const

/** Whether new evidence opens a finding again. */
export function opensAgain(status: string): boolean {
  return isEnded(status as FindingStatus) && status !== 'rejected'
}

/** Drafts of one key as one, as if they had been told one after the other. */
function joinDrafts(drafts: readonly AlertDraft[]): readonly AlertDraft[] {
  const joined = new Map<string, AlertDraft>()
  for (const draft of drafts) {
    const before = joined.get(draft.sourceKey)
    if (before) requireSame(draft, before.sketchId ?? null, before.source)
    joined.set(
      draft.sourceKey,
      before
        ? {
            ...before,
            ...(before.account === undefined && draft.account !== undefined
              ? { account: draft.account }
              : {}),
            ...(draft.details === undefined ? {} : { details: draft.details }),
            spans: new Map([...before.spans, ...draft.spans]),
            evidence: addEvidence(before.evidence ?? [], draft.evidence ?? []),
          }
        : draft,
    )
  }
  return [...joined.values()]
}

function requireSame(draft: AlertDraft, sketchId: number | null, source: string): void {
  if ((draft.sketchId ?? null) === sketchId && draft.source === source) return
  const key = JSON.stringify(draft.sourceKey.slice(0, MAX_TOLD_KEY))
  throw conflict(
    'alert-key-taken',
    `The alert ${key} cannot be stored: a key of its own expected, found that of an alert of another sketch or source.`,
  )
}

function toRow(
  draft: AlertDraft,
  { organisationId, deviceIds, nowMs }: Parameters<typeof storeAlerts>[2],
): Insertable<AlertRow> {
  const host = draft.host?.toLowerCase()
  const counts = addSpans({}, draft.spans, 'whole')
  return {
    uid: hash('sha256', `alert ${draft.sourceKey}`).slice(0, 32),
    source_key: draft.sourceKey,
    organisation_id: draft.organisationId ?? organisationId,
    sketch_id: draft.sketchId ?? null,
    title: draft.title,
    severity: draft.severity,
    host: host ?? null,
    account: draft.account ?? null,
    ...sumCounts(counts),
    status: 'open',
    resolution: null,
    reason: '',
    assignee_id: null,
    created_at_ms: draft.createdAtMs ?? nowMs,
    updated_at_ms: nowMs,
    closed_at_ms: null,
    closed_by_id: null,
    source: draft.source,
    description: draft.description ?? '',
    rule_uuid: draft.ruleUuid ?? null,
    timeline_id: draft.timelineId ?? null,
    device_id:
      draft.deviceId ?? (draft.host === undefined ? null : (deviceIds.get(toNameKey(draft.host)) ?? null)),
    incident_id: null,
    counts_json: JSON.stringify(counts),
    evidence_json: JSON.stringify((draft.evidence ?? []).slice(0, MAX_EVIDENCE)),
    tags_json: JSON.stringify(draft.tags ?? []),
    group_json: JSON.stringify(draft.group ?? {}),
    details_json: JSON.stringify(draft.details ?? {}),
    ...toEngineColumns(draft),
  }
}

type Change = Pick<Selectable<AlertRow>, 'count' | 'first_us' | 'last_us'> & Partial<Selectable<AlertRow>>

/** What is new about a known alert; undefined where nothing is. */
function merge(row: Selectable<AlertRow>, draft: AlertDraft, mode: SpanMode): Change | undefined {
  const counts = addSpans(JSON.parse(row.counts_json) as Counts, draft.spans, mode)
  const evidence = addEvidence(JSON.parse(row.evidence_json) as Evidence[], draft.evidence ?? [])
  const change: Change = {
    ...sumCounts(counts),
    counts_json: JSON.stringify(counts),
    evidence_json: JSON.stringify(evidence),
    account: row.account ?? draft.account ?? null,
    ...(draft.details === undefined
      ? {}
      : { details_json: JSON.stringify(draft.details), ...toEngineColumns(draft) }),
  }
  const isSame = Object.entries(change).every(([name, value]) => row[name as keyof typeof row] === value)
  return isSame ? undefined : change
}

function addSpans(counts: Counts, spans: ReadonlyMap<number, AlertSpan>, mode: SpanMode): Counts {
  const sum = { ...counts }
  for (const [timelineId, { count, firstUs, lastUs }] of spans) {
    const [first, last] = [toStoredUs(firstUs), toStoredUs(lastUs)]
    const before = mode === 'more' ? sum[timelineId] : undefined
    sum[timelineId] = before
      ? {
          count: before.count + count,
          first: Math.min(before.first, first),
          last: Math.max(before.last, last),
        }
      : { count, first, last }
  }
  return sum
}

function sumCounts(counts: Counts): Pick<Selectable<AlertRow>, 'count' | 'first_us' | 'last_us'> {
  const spans = Object.values(counts)
  return {
    count: spans.reduce((sum, { count }) => sum + count, 0),
    first_us: Math.min(...spans.map(({ first }) => first)),
    last_us: Math.max(...spans.map(({ last }) => last)),
  }
}

function addEvidence(known: readonly Evidence[], more: readonly Evidence[]): readonly Evidence[] {
  if (known.length >= MAX_EVIDENCE) return known
  const ids = new Set(known.map(({ id }) => id))
  return [...known, ...more.filter(({ id }) => !ids.has(id))].slice(0, MAX_EVIDENCE)
}
