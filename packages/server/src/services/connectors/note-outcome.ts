import type { Selectable } from 'kysely'
import type { ConnectorRow } from '../../db/connector-schema.ts'
import { DomainError } from '../../errors/domain-error.ts'
import type { ServiceContext } from '../service-context.ts'
import { describeFailure } from './describe-failure.ts'

/** Milliseconds between two pulls of a connector that fares well. */
const PULL_EVERY_MS = 5 * 60_000

/** How it is told that a pull was cut off. */
const CUT_OFF = 'The pull that began at'

type Row = Selectable<ConnectorRow>

/**
 * Writes down that a pull begins. What is told of that until it ends otherwise is what its connector is left with by one that was
 * killed, or whose failure cannot be written down, since the disk is full.
 */
export async function noteBegun({ db, now }: ServiceContext, { uid }: Row): Promise<void> {
  const problem = `${CUT_OFF} ${new Date(now()).toISOString()} did not come to its end: it was cut off, or the disk was full. The next one goes on behind it.`
  await db.updateTable('connectors').set({ problem }).where('uid', '=', uid).execute()
}

/** Takes back that a pull began: somebody ended it. */
export async function noteEnded({ db, log }: ServiceContext, { uid, name, problem }: Row): Promise<void> {
  try {
    await db
      .updateTable('connectors')
      .set({ problem })
      .where('uid', '=', uid)
      .where('problem', 'like', `${CUT_OFF}%`)
      .execute()
  } catch (error) {
    // Then it is told of as one that was cut off.
    log.warn({ err: error, connector: name }, 'it could not be noted that a pull was ended')
  }
}

/** Writes down that a pull came to its end. */
export async function noteSuccess(
  { db, now }: ServiceContext,
  { uid, state, state_since_ms }: Row,
): Promise<void> {
  const nowMs = now()
  await db
    .updateTable('connectors')
    .set({
      state: 'ok',
      problem: '',
      failures: 0,
      state_since_ms: state === 'ok' ? state_since_ms : nowMs,
      last_pull_ms: nowMs,
      next_pull_ms: nowMs + PULL_EVERY_MS,
    })
    .where('uid', '=', uid)
    .execute()
}

/**
 * Writes down what went wrong; where that fails as well, the log has both.
 *
 * @returns What went wrong, to be thrown.
 */
export async function noteFailure(
  { db, now, log }: ServiceContext,
  row: Row,
  error: unknown,
): Promise<DomainError> {
  const nowMs = now()
  const failures = row.failures + 1
  const { problem, backOffMs } = describeFailure(error, failures, 'pull')
  log.warn({ err: error, connector: row.name }, 'a pull failed')
  try {
    await db
      .updateTable('connectors')
      .set({
        state: 'backing-off',
        problem,
        failures,
        state_since_ms: row.state === 'backing-off' ? row.state_since_ms : nowMs,
        last_pull_ms: nowMs,
        next_pull_ms: nowMs + backOffMs,
      })
      .where('uid', '=', row.uid)
      .execute()
  } catch (unwritten) {
    log.error({ err: unwritten, connector: row.name }, 'it could not be noted that a pull failed')
  }
  return new DomainError('unavailable', 'pull-failed', `${row.name}: ${problem}`, {
    details: { connector: row.name },
    cause: error,
  })
}
