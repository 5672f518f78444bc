import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { formatIsoTime } from '@timeskein/model'
import { isQueryError, parseDork, type Query } from '@timeskein/query'
import type { Scope } from '@timeskein/store'
import type { Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import { writeWithoutSync } from '../../db/sqlite-database.ts'
import type { SearchJobRow } from '../../db/workspace-schema.ts'
import { conflict, DomainError, forbidden, notFound } from '../../errors/domain-error.ts'
import { getAlertBySekoiaId } from '../alert-words/sekoia-ids.ts'
import type { AlertService } from '../alerts/alert-service.ts'
import { toStoredUs } from '../findings/finding-rows.ts'
import { findIntakes } from '../intakes/load-intakes.ts'
import type { ServiceContext } from '../service-context.ts'
import { resolveAlertReferences } from './alert-references.ts'
import { countFields } from './count-fields.ts'
import { filtersToQuery } from './filter-query.ts'
import { findReadableEvents } from './find-readable-events.ts'
import { type HeldJob, HeldJobs } from './held-jobs.ts'
import { resolveIntakeKeys } from './intake-keys.ts'
import { isWithin } from './is-within.ts'
import { toDetailsJson, toDraft, toJob } from './job-rows.ts'
import { JobWatchers } from './job-watchers.ts'
import { findKeptEvents } from './kept-events.ts'
import { numbersOverTime } from './numbers-over-time.ts'
import { RunningJobs } from './running-jobs.ts'
import {
  MAX_JOB_EVENTS,
  type SearchJob,
  type SearchJobDraft,
  type SearchJobService,
  type SearchJobStatus,
} from './search-job-service.ts'

/** Events that are read with the search itself: what is asked for first, unless somebody asks for more. */
const FIRST_EVENTS = 100
/**
 * How long a look at a job that is under way waits for its end: most end sooner, and the first look finds them done. One that came back
 * a moment before the end would cost the caller its own pause, too.
 */
const LOOK_MS = 500
/** How long a job that ended is listed. */
const HISTORY_MS = 30 * 86_400_000

/** Search jobs, kept in the metadata database; jobs that a former process left under way have failed. */
export async function createSearchJobService(
  context: ServiceContext,
  alerts: Pick<AlertService, 'get' | 'readPage'>,
): Promise<SearchJobService> {
  const { db, store, now, log, metrics, audit } = context
  const held = new HeldJobs()
  const running = new RunningJobs()
  const watchers = new JobWatchers()
  await db
    .updateTable('search_jobs')
    .set({ status: 'failed', problem: 'The server ended before the search was done.', ended_at_ms: now() })
    .where('status', 'in', ['waiting', 'running'])
    .execute()

  const requireRow = async (principal: Principal, uid: string): Promise<Selectable<SearchJobRow>> => {
    const row = await db
      .selectFrom('search_jobs')
      .selectAll()
      .where('uid', '=', uid.toLowerCase())
      .where('user_id', '=', principal.userId)
      .executeTakeFirst()
    if (!row) throw notFound('search job', uid.slice(0, 64))
    return row
  }

  const makeQuery = async (
    principal: Principal,
    {
      term,
      language,
      filters,
      earliestUs,
      latestUs,
    }: Parameters<SearchJobService['countOverTime']>[1] | SearchJobDraft,
  ): Promise<Query> => {
    const ofIntakes = await resolveIntakeKeys(
      { kind: 'and', of: [parseDork(term, { language }), filtersToQuery(filters)] },
      async (key) => (await findIntakes(db, { intake_key: key }, principal)).map(({ uid }) => uid),
    )
    const asked = await resolveAlertReferences(ofIntakes, async (shortId) =>
      (await getAlertBySekoiaId(alerts, principal, shortId)).evidence.map(({ id }) => id),
    )
    const [from, to] = [earliestUs, latestUs].map((us) => BigInt(toStoredUs(us)))
    const times = { gte: formatIsoTime(from!), lte: formatIsoTime(to!) }
    return { kind: 'and', of: [asked, { kind: 'range', field: 'datetime', ...times }] }
  }

  const open = async (
    principal: Principal,
    draft: SearchJobDraft,
    signal?: AbortSignal,
  ): Promise<HeldJob> => {
    const own = await makeQuery(principal, draft)
    const query: Query = draft.isOnlyKept
      ? { kind: 'and', of: [own, { kind: 'ids', values: await findKeptEvents(db, principal) }] }
      : own
    const { scope } = draft.isOfOrganisation ? await findReadableEvents(context, principal) : { scope: [] }
    const { events, total, next } = await store.search({
      scope,
      query,
      sort: 'desc',
      size: Math.min(FIRST_EVENTS, draft.maxEvents ?? FIRST_EVENTS),
      ...(signal && { signal }),
    })
    const cursors = new Map(next ? [[events.length, next]] : [])
    return { scope, query, first: events, cursors, total: Math.min(total, draft.maxEvents ?? Infinity) }
  }

  const finish = async (
    uid: string,
    end: { status: SearchJobStatus; total?: number; problem?: string; cancelled_by_id?: number },
  ): Promise<void> => {
    // Jobs that are lost with the machine are asked again: nobody waits for the disk because of one.
    const row = await writeWithoutSync(
      db,
      async (transaction) =>
        await transaction
          .updateTable('search_jobs')
          .set({ ...end, ended_at_ms: now() })
          .where('uid', '=', uid)
          .where('status', 'in', ['waiting', 'running'])
          .returningAll()
          .executeTakeFirst(),
    )
    if (row) watchers.tell(toJob(row))
  }

  /** Runs a search to its recorded end, whatever happens. */
  const run = async (
    principal: Principal,
    uid: string,
    draft: SearchJobDraft,
    stop: AbortSignal,
  ): Promise<void> => {
    // It was cancelled, or the server began to stop, while it was being made.
    if (stop.aborted) return
    const stopTimer = metrics.searchSeconds.startTimer({ kind: 'job' })
    try {
      await writeWithoutSync(
        db,
        async (transaction) =>
          await transaction
            .updateTable('search_jobs')
            .set({ status: 'running', started_at_ms: now() })
            .where('uid', '=', uid)
            .where('status', '=', 'waiting')
            .execute(),
      )
      const job = held.hold(uid, await open(principal, draft, stop))
      await finish(uid, { status: 'done', total: job.total })
    } catch (error) {
      if (stop.aborted) return
      const isExpected = isQueryError(error) || error instanceof DomainError
      if (!isExpected) log.error({ err: error, uid }, 'a search job failed')
      await finish(uid, {
        status: 'failed',
        problem: error instanceof Error ? error.message : 'The search failed.',
      }).catch((failure: unknown) => log.error({ err: failure, uid }, 'the end of a job could not be kept'))
    } finally {
      stopTimer()
    }
  }

  const requireDone = async (
    principal: Principal,
    uid: string,
  ): Promise<{ readonly job: SearchJob; readonly row: Selectable<SearchJobRow> }> => {
    const row = await requireRow(principal, uid)
    const job = toJob(row)
    if (job.status !== 'done')
      throw conflict(
        'job-not-done',
        `The events of the search job ${job.uid} cannot be read: a job that is done expected, found one that is ${job.status}${job.problem === undefined ? '' : ` (${job.problem})`}.`,
      )
    if (now() >= (job.expiresAtMs ?? 0)) throw notFound('search job results', job.uid)
    return { job, row }
  }

  const mayStillRead = async (principal: Principal, scope: Scope): Promise<boolean> =>
    scope.length === 0 || isWithin(scope, (await findReadableEvents(context, principal)).scope)

  /**
   * What a job is answered from; one that is no longer held, or held of more than may be read by now, is asked anew, with the times
   * it was made with.
   */
  const reopen = async (
    principal: Principal,
    row: Selectable<SearchJobRow>,
    signal?: AbortSignal,
  ): Promise<HeldJob> => {
    const there = held.get(row.uid)
    const isGood = there !== undefined && (await mayStillRead(principal, there.scope))
    return held.hold(row.uid, isGood ? there : await open(principal, toDraft(row), signal))
  }

  return {
    async create(principal, draft) {
      const uid = randomUUID()
      using place = running.admit(uid, principal.userId)
      if (!draft.isLenient) parseDork(draft.term, { language: draft.language })
      filtersToQuery(draft.filters)
      const atMs = now()
      const row = await writeWithoutSync(db, async (transaction) => {
        await transaction
          .deleteFrom('search_jobs')
          .where('ended_at_ms', '<', atMs - HISTORY_MS)
          .execute()
        return await transaction
          .insertInto('search_jobs')
          .values({
            uid,
            user_id: principal.userId,
            status: 'waiting',
            term: draft.term,
            language: draft.language,
            details_json: toDetailsJson(draft),
            earliest_us: toStoredUs(draft.earliestUs),
            latest_us: toStoredUs(draft.latestUs),
            total: 0,
            is_visible: draft.isVisible ? 1 : 0,
            problem: null,
            created_at_ms: atMs,
            started_at_ms: null,
            ended_at_ms: null,
            cancelled_by_id: null,
          })
          .returningAll()
          .executeTakeFirstOrThrow()
      })
      await audit.note(principal, {
        action: 'search-job.create',
        subject: `search-job/${uid}`,
        details: { term: draft.term.slice(0, 1000) },
      })
      place.start(async (stop) => await run(principal, uid, draft, stop))
      return toJob(row)
    },
    async get(principal, uid) {
      const row = await requireRow(principal, uid)
      const ended = running.ended(row.uid)
      if (!ended) return toJob(row)
      const enough = new AbortController()
      await Promise.race([ended, wait(LOOK_MS, undefined, { signal: enough.signal })]).finally(() =>
        enough.abort(),
      )
      return toJob(await requireRow(principal, uid))
    },
    async list(principal, { limit, offset }) {
      const query = db
        .selectFrom('search_jobs')
        .where('user_id', '=', principal.userId)
        .where('is_visible', '=', 1)
      const { total } = await query
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const rows = await query
        .selectAll()
        .orderBy('created_at_ms', 'desc')
        .orderBy('uid')
        .limit(limit)
        .offset(offset)
        .execute()
      return { items: rows.map(toJob), total }
    },
    async cancel(principal, uid) {
      const row = await requireRow(principal, uid)
      running.cancel(row.uid)
      await finish(row.uid, { status: 'cancelled', cancelled_by_id: principal.userId })
      return toJob(await requireRow(principal, uid))
    },
    async readEvents(principal, uid, { limit, offset }, signal) {
      const { job, row } = await requireDone(principal, uid)
      if (Math.min(limit, job.total - offset) <= 0) return { events: [], total: job.total }
      const held = await reopen(principal, row, signal)
      const total = Math.min(job.total, held.total)
      const size = Math.max(0, Math.min(limit, MAX_JOB_EVENTS, total - offset))
      if (size === 0) return { events: [], total }
      if (offset + size <= held.first.length)
        return { events: held.first.slice(offset, offset + size), total }
      const after = held.cursors.get(offset)
      const { scope, query } = held
      const { events, next } = await store.search({
        scope,
        query,
        sort: 'desc',
        size,
        ...(after ? { after } : { from: offset }),
        ...(signal && { signal }),
      })
      if (next) held.cursors.set(offset + events.length, next)
      return { events, total }
    },
    async readFields(principal, uid, page, signal) {
      const { row } = await requireDone(principal, uid)
      return await countFields(store, await reopen(principal, row, signal), page, signal)
    },
    async *scanEvents(principal, uid, signal) {
      const { job, row } = await requireDone(principal, uid)
      const { scope, query } = await reopen(principal, row, signal)
      let left = job.total
      for await (const page of store.scan({ scope, query, sort: 'desc', ...(signal && { signal }) })) {
        if (left <= 0) return
        if (!(await mayStillRead(principal, scope)))
          throw forbidden('no-read-permission', 'Some of what was searched may not be read any more.')
        yield page.slice(0, left)
        left -= page.length
      }
    },
    async countOverTime(principal, request, signal) {
      const { scope } = await findReadableEvents(context, principal)
      return await numbersOverTime(store, scope, await makeQuery(principal, request), request, signal)
    },
    watch: (principal, onEnd, signal) => watchers.add(principal.userId, onEnd, signal),
    stop: async () => await running.stop(),
  }
}
