import type { Principal } from '../../auth/principal.ts'
import { invalid } from '../../errors/domain-error.ts'
import { keepApiDetails, loadApiDetails } from '../api-details.ts'
import { isCaseVisibleTo } from '../cases/case-access.ts'
import { requireOwnFindingRow } from '../findings/finding-rows.ts'
import type { ServiceContext } from '../service-context.ts'
import { type AlertTurns, loadAlertTurns, NO_TURNS } from './alert-turns.ts'

/** What stands beside an alert. */
export interface AlertContext {
  /** Cases it is in, of those that the caller sees. */
  readonly cases: readonly { readonly uid: string; readonly title: string }[]
  readonly commentCount: number
  /** What somebody said of it in words of an API. */
  readonly facts: AlertFacts
  readonly turns: AlertTurns
}

/** Of an alert beside which nothing stands. */
export const NO_CONTEXT: AlertContext = { cases: [], commentCount: 0, facts: {}, turns: NO_TURNS }

/** What somebody says of an alert that nothing here works with. */
export interface AlertFacts {
  readonly category?: string
  readonly type?: string
  readonly details?: string
  readonly killChain?: string | null
}

/** Most characters of one of the facts. */
const MAX_FACT_LENGTH = 65_536

/** What stands beside alerts. Callers have the alerts already, and with them the right to read them. */
export interface AlertContextService {
  /** By row id. */
  describe(
    principal: Principal,
    alerts: readonly { readonly id: number; readonly uid: string }[],
  ): Promise<ReadonlyMap<number, AlertContext>>
  /** Adds to what was said. Needs write on the alert's sketch. @throws {DomainError} As `AlertService.decide`. */
  note(principal: Principal, id: string, facts: AlertFacts): Promise<void>
  /** Keeps the name by which whoever made a remark signed it. */
  signComment(commentUid: string, author: string): Promise<void>
  /** Names by which remarks were signed, by their uids. */
  loadSignatures(commentUids: readonly string[]): Promise<ReadonlyMap<string, string>>
}

/** Kept in the metadata database. */
export function createAlertContextService(context: ServiceContext): AlertContextService {
  const { db, audit } = context
  return {
    async describe(principal, alerts) {
      const ids = alerts.map(({ id }) => id)
      if (ids.length === 0) return new Map()
      const links = await db
        .selectFrom('case_alerts')
        .innerJoin('cases', 'cases.uid', 'case_alerts.case_uid')
        .select(['alert_id', 'cases.uid', 'title'])
        .where('alert_id', 'in', ids)
        .where('cases.uid', 'in', db.selectFrom('cases').select('uid').where(isCaseVisibleTo(principal)))
        .orderBy('cases.created_at_ms')
        .execute()
      const comments = await db
        .selectFrom('finding_comments')
        .select(({ fn }) => ['finding_id', fn.countAll<number>().as('count')])
        .where('kind', '=', 'alert')
        .where('finding_id', 'in', ids)
        .groupBy('finding_id')
        .execute()
      const counts = new Map(comments.map(({ finding_id, count }) => [finding_id, count]))
      const casesOf = Map.groupBy(links, ({ alert_id }) => alert_id)
      const facts = await loadApiDetails<AlertFacts>(
        db,
        'alert',
        alerts.map(({ uid }) => uid),
      )
      const turns = await loadAlertTurns(db, ids)
      return new Map(
        alerts.map(({ id, uid }) => [
          id,
          {
            cases: (casesOf.get(id) ?? []).map((one) => ({ uid: one.uid, title: one.title })),
            commentCount: counts.get(id) ?? 0,
            facts: facts.get(uid) ?? {},
            turns: turns.get(id) ?? NO_TURNS,
          },
        ]),
      )
    },
    signComment: (commentUid, author) => keepApiDetails(db, 'comment', commentUid, { author }),
    async loadSignatures(commentUids) {
      const kept = await loadApiDetails<{ readonly author: string }>(db, 'comment', commentUids)
      return new Map([...kept].map(([uid, { author }]) => [uid, author]))
    },
    async note(principal, id, facts) {
      for (const value of Object.values(facts))
        if (typeof value === 'string' && value.length > MAX_FACT_LENGTH)
          throw invalid('bad-alert', `What is said of an alert has at most ${MAX_FACT_LENGTH} characters.`)
      const { uid, sketch_id } = await requireOwnFindingRow(context, principal, 'alert', id)
      const before = (await loadApiDetails<AlertFacts>(db, 'alert', [uid])).get(uid)
      await keepApiDetails(db, 'alert', uid, { ...before, ...facts })
      await audit.record(principal, {
        action: 'alert.update',
        subject: `alert/${uid}`,
        ...(sketch_id === null ? {} : { sketchId: sketch_id }),
        details: { ...facts },
      })
    },
  }
}
