import type { Kysely } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import { invalid } from '../../errors/domain-error.ts'
import { noteChange } from '../changes/note-change.ts'
import { isEarlierCopy, settleOnce } from '../findings/copies.ts'
import { commentFinding, decideFinding } from '../findings/decide-finding.ts'
import type { FindingPageOptions } from '../findings/finding.ts'
import { listFindingChanges, listFindingComments } from '../findings/finding-notes.ts'
import {
  beginAt,
  MAX_FINDINGS_PAGE,
  readCursor,
  readFindingPage,
  readLimit,
  requireFindingRow,
  requireOwnFindingRow,
  selectFindings,
} from '../findings/finding-rows.ts'
import type { ServiceContext } from '../service-context.ts'
import { conditionsOf } from './alert-conditions.ts'
import { countByDays, findPageDays, isCounted, sum } from './alert-days.ts'
import { toAlerts } from './alert-rows.ts'
import { type AlertDraft, type AlertFilter, type AlertService, isDetectionKey } from './alert-service.ts'
import { countFact } from './count-fact.ts'
import {
  type Branch,
  countByEngines,
  findEngineBranches,
  findUsedEngines,
  listTargetBranches,
  readPageByBranches,
} from './read-by-branches.ts'
import { storeFindings } from './store-findings.ts'
import { createSuppressionCalls } from './suppressions.ts'

/** Alerts, kept in the metadata database. */
export function createAlertService(context: ServiceContext): AlertService {
  const { db, access, audit } = context
  const get: AlertService['get'] = async (principal, id) =>
    (await toAlerts(db, [await requireFindingRow(db, principal, 'alert', id)]))[0]!
  /** What is asked of what the caller may read. */
  const open = async (principal: Principal, filter: AlertFilter): Promise<AlertFilter> => {
    if (filter.sketchId !== undefined) await access.requireSketch(principal, filter.sketchId, 'read')
    return await settleOnce(db, principal, 'alert', filter)
  }
  return {
    async list(principal, given = {}, page = {}) {
      const filter = await open(principal, given)
      const total = sum(await countAlerts(db, principal, filter))
      if (total <= (page.offset ?? 0)) return { items: [], total, next: undefined }
      const { rows, next } = await readAlertRows(db, principal, filter, page)
      return { items: await toAlerts(db, rows), total, next }
    },
    async readPage(principal, given, page) {
      const filter = await open(principal, given)
      const branches = page.sort === 'created' ? await branchesOf(db, filter) : undefined
      const rest = branches && beginAt(branches.rest, page)
      const { rows, next } = rest
        ? await readPageByBranches(
            db,
            () => selectFindings(db, principal, 'alert', rest, conditionsOf(rest)),
            branches.of,
            { ...page, limit: Math.min(Math.max(1, page.limit ?? MAX_FINDINGS_PAGE), MAX_FINDINGS_PAGE) },
          )
        : await readAlertRows(db, principal, filter, page)
      return { items: await toAlerts(db, rows), next }
    },
    async countBy(principal, given, path, own) {
      const filter = await open(principal, given)
      return await countFact(
        db,
        () => selectFindings(db, principal, 'alert', filter, conditionsOf(filter)),
        path,
        own,
      )
    },
    async countByEngine(principal, { engines, ...given }) {
      const filter = await open(principal, given)
      return await countByEngines(
        () => selectFindings(db, principal, 'alert', filter, conditionsOf(filter)),
        await findUsedEngines(db, engines),
      )
    },
    countBySeverity: async (principal, given) =>
      await countAlerts(db, principal, await open(principal, given)),
    get,
    async decide(principal, id, decision) {
      const row = await requireOwnFindingRow(context, principal, 'alert', id)
      await decideFinding(context, principal, 'alert', row, decision)
      return await get(principal, row.uid)
    },
    async comment(principal, id, text) {
      const row = await requireOwnFindingRow(context, principal, 'alert', id)
      return await commentFinding(context, principal, 'alert', row, text)
    },
    async listComments(principal, id) {
      const { id: findingId } = await requireFindingRow(db, principal, 'alert', id)
      return await listFindingComments(db, 'alert', findingId)
    },
    async listChanges(principal, id) {
      const { id: findingId } = await requireFindingRow(db, principal, 'alert', id)
      return await listFindingChanges(db, 'alert', findingId)
    },
    async store(principal, drafts) {
      for (const draft of drafts) requireOfCaller(draft)
      const sketchIds = new Set(drafts.flatMap(({ sketchId }) => (sketchId === undefined ? [] : [sketchId])))
      for (const sketchId of sketchIds) await access.requireOpenSketch(principal, sketchId, 'write')
      const stored = await db
        .transaction()
        .execute((transaction) => storeFindings(transaction, drafts, { mode: 'whole', nowMs: context.now() }))
      await audit.record(principal, {
        action: 'alert.store',
        subject: 'alerts',
        details: { created: stored.created, updated: stored.updated, unchanged: stored.unchanged },
      })
      for (const sketchId of sketchIds) await noteChange(context, sketchId, 'alerts')
      return stored
    },
    ...createSuppressionCalls(context),
  }
}

/** How many alerts answer of each severity. */
async function countAlerts(
  db: Kysely<Schema>,
  principal: Principal,
  filter: AlertFilter,
): Promise<ReadonlyMap<number, number>> {
  const { isOncePerItem, ...rest } = filter
  if (!isCounted(rest))
    return await countRows(selectFindings(db, principal, 'alert', filter, conditionsOf(filter)))
  const counts = new Map(await countByDays(db, principal, rest))
  if (!isOncePerItem) return counts
  // What is written down counts each copy.
  const copies = selectFindings(db, principal, 'alert', rest).where(
    isEarlierCopy(db, principal, 'alert', rest),
  )
  for (const [severity, count] of await countRows(copies)) {
    const left = (counts.get(severity) ?? 0) - count
    if (left > 0) counts.set(severity, left)
    else counts.delete(severity)
  }
  return counts
}

async function countRows(rows: ReturnType<typeof selectFindings>): Promise<ReadonlyMap<number, number>> {
  const found = await rows
    .select(({ fn }) => ['severity', fn.countAll<number>().as('count')])
    .groupBy('severity')
    .execute()
  return new Map(found.map(({ severity, count }) => [severity, count]))
}

/** As `readFindingPage`; by when they were made without a look at days that have nothing to do with the page. */
async function readAlertRows(
  db: Kysely<Schema>,
  principal: Principal,
  filter: AlertFilter,
  page: FindingPageOptions,
): ReturnType<typeof readFindingPage> {
  const read = (own: AlertFilter, options: FindingPageOptions): ReturnType<typeof readFindingPage> =>
    readFindingPage(db, principal, 'alert', own, options, conditionsOf(own))
  if (page.sort !== 'created') return await read(filter, page)
  const { order = 'desc', offset = 0, after } = page
  const wanted = { order, limit: readLimit(page), offset }
  const place = await findPageDays(db, principal, goOnFrom(filter, order, after), wanted)
  if (!place) return { rows: [], next: undefined }
  const { fromMs, toMs, hasMore } = place
  const own = { ...filter, createdFromMs: fromMs, createdToMs: toMs }
  const found = await read(own, { ...page, offset: place.offset })
  // Alerts were changed since they were counted: a page that is not full is no end of the list.
  return hasMore && found.next === undefined ? await read(filter, page) : found
}

function goOnFrom(filter: AlertFilter, order: 'asc' | 'desc', after: string | undefined): AlertFilter {
  if (after === undefined) return filter
  const [ms] = readCursor(after)
  const { createdFromMs = ms, createdToMs = ms } = filter
  return order === 'desc'
    ? { ...filter, createdToMs: Math.min(createdToMs, ms) }
    : { ...filter, createdFromMs: Math.max(createdFromMs, ms) }
}

/** What others tell is not what our own detection found, and has at least one event. */
function requireOfCaller({ sourceKey, source, spans }: AlertDraft): void {
  if (source === 'detection' || isDetectionKey(sourceKey))
    throw invalid(
      'bad-alert',
      'The alert cannot be stored: another source than detection expected, found "detection", which is that of runs of rules.',
    )
  if (spans.size === 0)
    throw invalid('bad-alert', 'The alert cannot be stored: the times of its events expected, found none.')
}

/** What a filter asks for that is found by an index of its own, and the rest of it. */
async function branchesOf(
  db: Kysely<Schema>,
  filter: AlertFilter,
): Promise<{ readonly of: readonly Branch[]; readonly rest: AlertFilter } | undefined> {
  const { targetUid, engines } = filter
  if (targetUid !== undefined) {
    const { targetUid: _found, ...rest } = filter
    return { of: await listTargetBranches(db, targetUid), rest }
  }
  if (engines === undefined) return undefined
  const { engines: _found, ...rest } = filter
  return { of: await findEngineBranches(db, engines), rest }
}
