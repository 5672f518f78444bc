import { randomUUID } from 'node:crypto'
import { isQueryError } from '@timeskein/query'
import { parseSol, type SolProgram, type SolValue } from '@timeskein/query/sol'
import type { Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { SavedQueryRow } from '../../db/workspace-schema.ts'
import { DomainError, forbidden, invalid, notFound } from '../../errors/domain-error.ts'
import { readableSketches } from '../access/readable-by.ts'
import { requireName } from '../names.ts'
import type { ServiceContext } from '../service-context.ts'
import { expire, type KeptRun, KeptRuns } from './kept-runs.ts'
import {
  MAX_SOL_ROWS,
  type SavedQuery,
  SOL_RESULTS_TTL_MS,
  type SolRun,
  type SolService,
} from './sol-service.ts'
import { makeSolTables, type SolTableServices } from './sol-tables.ts'

/** Runs of one user that may be under way. */
const MAX_RUNNING = 10
/** Milliseconds that a run may take. */
const TIME_LIMIT_MS = 600_000

/** Runs of programs, kept in memory, and saved programs, kept in the metadata database. */
export function createSolService(context: ServiceContext, services: SolTableServices): SolService {
  const { db, audit, now, log } = context
  const runs = new KeptRuns(now)

  const requireRow = async (uid: string): Promise<Selectable<SavedQueryRow>> => {
    const row = await db
      .selectFrom('saved_queries')
      .selectAll()
      .where('uid', '=', uid.toLowerCase())
      .executeTakeFirst()
    if (!row) throw notFound('saved query', uid.slice(0, 64))
    return row
  }
  const requireOwnRow = async (principal: Principal, uid: string): Promise<Selectable<SavedQueryRow>> => {
    const row = await requireRow(uid)
    if (row.user_id !== principal.userId && !principal.isAdmin)
      throw forbidden('not-own-query', 'This query was saved by somebody else.')
    return row
  }
  const toRun = (uid: string, { status, problem, rows, warnings }: KeptRun): SolRun => ({
    uid,
    status,
    problem,
    rows,
    warnings,
  })

  const listReadable = async (principal: Principal): Promise<readonly number[]> => {
    const rows = await db
      .selectFrom('sketches')
      .select('id')
      .where('id', 'in', readableSketches(principal))
      .execute()
    return rows.map(({ id }) => id)
  }

  /** Runs a program to its end, whatever happens. */
  const carryOut = async (
    principal: Principal,
    run: KeptRun,
    program: SolProgram,
    { parameters, intakeUids, isOfOrganisation, mayRead }: Parameters<SolService['start']>[1],
  ): Promise<void> => {
    const signal = AbortSignal.timeout(TIME_LIMIT_MS)
    try {
      run.sketchIds = await listReadable(principal)
      const tables = makeSolTables(context, services, principal, {
        intakeUids: isOfOrganisation ? intakeUids : [],
        mayRead: mayRead ?? (() => true),
        signal,
      })
      const { runSol } = await import('@timeskein/analyze/sol')
      const { rows, warnings } = await runSol(program, tables, {
        nowMs: now(),
        parameters: new Map([...parameters].map(([name, value]) => [name, toSolParameter(value)])),
        signal,
      })
      run.rows = rows.slice(0, MAX_SOL_ROWS)
      run.warnings =
        rows.length > MAX_SOL_ROWS
          ? [...warnings, `only the first ${MAX_SOL_ROWS} of ${rows.length} rows are given`]
          : warnings
      run.status = 'done'
    } catch (error) {
      const isExpected = isQueryError(error) || error instanceof DomainError || error instanceof RangeError
      if (!isExpected && !signal.aborted) log.error({ err: error }, 'a SOL program failed')
      run.problem = signal.aborted
        ? `It took longer than ${TIME_LIMIT_MS / 60_000} minutes.`
        : error instanceof Error
          ? error.message
          : 'It failed.'
      run.status = 'failed'
    }
    runs.end(run)
    // Rows that nobody asks for any more go, too.
    setTimeout(() => runs.sweep(), SOL_RESULTS_TTL_MS + 1).unref()
  }

  return {
    async start(principal, draft) {
      if (runs.countRunning(principal.userId) >= MAX_RUNNING)
        throw new DomainError('too-many', 'too-many-runs', `At most ${MAX_RUNNING} runs may be under way.`, {
          details: { retryAfterSeconds: 1 },
        })
      const program = parseSol(draft.program)
      const missing = program.parameters.filter((name) => !draft.parameters.has(name))
      if (missing.length > 0)
        throw invalid(
          'missing-parameters',
          `Values for the parameters ${missing.map((name) => `?${name}`).join(', ')} were expected, found none.`,
          { missing },
        )
      const uid = randomUUID()
      const run = runs.begin(uid, principal.userId)
      try {
        await audit.note(principal, {
          action: 'sol.run',
          subject: `sol-run/${uid}`,
          details: { program: draft.program.slice(0, 1000) },
        })
      } catch (error) {
        run.status = 'failed'
        runs.end(run)
        throw error
      }
      void carryOut(principal, run, program, draft)
      return toRun(uid, run)
    },
    async get(principal, uid) {
      const run = runs.get(uid.toLowerCase())
      if (!run || run.userId !== principal.userId) throw notFound('run', uid.slice(0, 64))
      if (run.status === 'done') {
        const readable = new Set(await listReadable(principal))
        if (!run.sketchIds.every((id) => readable.has(id))) expire(run)
      }
      return toRun(uid.toLowerCase(), run)
    },
    async listSaved() {
      const rows = await db.selectFrom('saved_queries').selectAll().orderBy('name').orderBy('uid').execute()
      return rows.map(toSavedQuery)
    },
    getSaved: async (_principal, uid) => toSavedQuery(await requireRow(uid)),
    async save(principal, { name, description, program, details }) {
      requireName('query', name)
      parseSol(program)
      const uid = randomUUID()
      const atMs = now()
      await db
        .insertInto('saved_queries')
        .values({
          uid,
          name,
          description,
          program,
          details_json: JSON.stringify(details),
          user_id: principal.userId,
          created_at_ms: atMs,
          updated_at_ms: atMs,
        })
        .execute()
      await audit.record(principal, { action: 'sol.save', subject: `saved-query/${uid}`, details: { name } })
      return toSavedQuery(await requireRow(uid))
    },
    async updateSaved(principal, uid, { name, description, program, details }) {
      requireName('query', name)
      parseSol(program)
      const row = await requireOwnRow(principal, uid)
      await db
        .updateTable('saved_queries')
        .set({ name, description, program, details_json: JSON.stringify(details), updated_at_ms: now() })
        .where('uid', '=', row.uid)
        .execute()
      await audit.record(principal, { action: 'sol.update', subject: `saved-query/${row.uid}` })
      return toSavedQuery(await requireRow(uid))
    },
    async deleteSaved(principal, uid) {
      const row = await requireOwnRow(principal, uid)
      await db.deleteFrom('saved_queries').where('uid', '=', row.uid).execute()
      await audit.record(principal, { action: 'sol.delete', subject: `saved-query/${row.uid}` })
    },
  }
}

function toSavedQuery(row: Selectable<SavedQueryRow>): SavedQuery {
  return {
    uid: row.uid,
    name: row.name,
    description: row.description,
    program: row.program,
    details: JSON.parse(row.details_json) as Record<string, unknown>,
    parameters: parseSol(row.program).parameters,
    userId: row.user_id,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }
}

/** @throws {DomainError} `invalid` (`bad-parameter`). */
function toSolParameter(value: unknown): SolValue {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value as SolValue
  if (Array.isArray(value)) return value.map(toSolParameter)
  throw invalid('bad-parameter', 'A parameter is a text, a number, a truth value, null or a list of these.')
}
