import { type Kysely, sql } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import { chunk } from '../chunk.ts'

/** Who turned to an alert, and when. */
export interface AlertTurns {
  /** Account of whoever changed it last; undefined where that was the program itself. */
  readonly changedById: number | undefined
  /** When somebody first gave it another state than it had come with. */
  readonly acknowledgedAtMs: number | undefined
  /** When somebody first took up the work on it. */
  readonly respondedAtMs: number | undefined
}

/** Of an alert that nobody has turned to. */
export const NO_TURNS: AlertTurns = {
  changedById: undefined,
  acknowledgedAtMs: undefined,
  respondedAtMs: undefined,
}

/** States in which somebody is at work. */
const AT_WORK: ReadonlySet<string> = new Set(['in-progress', 'monitoring', 'waiting'])

/** What the history of alerts says of that, by row id; alerts without history are left out. What platforms told is nobody's act here. */
export async function loadAlertTurns(
  db: Kysely<Schema>,
  ids: readonly number[],
): Promise<ReadonlyMap<number, AlertTurns>> {
  const turns = new Map<number, AlertTurns>()
  for (const some of chunk(ids)) {
    const history = db
      .selectFrom('finding_changes')
      .where('kind', '=', 'alert')
      .where('finding_id', 'in', some)
    // SQLite takes a column beside max() from the row that has it.
    const last = await history
      .select(({ fn }) => ['finding_id', 'user_id', fn.max('id').as('id')])
      .groupBy('finding_id')
      .execute()
    for (const { finding_id, user_id } of last)
      turns.set(finding_id, { ...NO_TURNS, changedById: user_id ?? undefined })
    const decided = await history
      .select(['finding_id', 'at_ms', sql<string>`json_extract(details_json, '$.to')`.as('to')])
      .where('action', '=', 'status')
      .where('user_id', 'is not', null)
      .orderBy('id')
      .execute()
    for (const { finding_id, at_ms, to } of decided) {
      const before = turns.get(finding_id) ?? NO_TURNS
      turns.set(finding_id, {
        ...before,
        acknowledgedAtMs: before.acknowledgedAtMs ?? at_ms,
        respondedAtMs: before.respondedAtMs ?? (AT_WORK.has(to) ? at_ms : undefined),
      })
    }
  }
  return turns
}
