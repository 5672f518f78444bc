import type { Selectable } from 'kysely'
import { makePrincipal } from '../../auth/make-principal.ts'
import { ALL_SCOPES, type Principal } from '../../auth/principal.ts'
import type { AlertRow, WebhookRow } from '../../db/alert-schema.ts'
import type { AddressRules } from '../connectors/address/check-url.ts'
import { makeGuardedFetch } from '../connectors/address/guarded-fetch.ts'
import { isVisibleTo } from '../findings/finding-rows.ts'
import type { ServiceContext } from '../service-context.ts'
import type { WriteWebhookMessage } from './webhook-message.ts'

/** How often it is looked whether there are new alerts, in milliseconds. */
const LOOK_EVERY_MS = 5000
/** Alerts of one message. */
const BATCH = 100
/** Before the second try; twice as long before each further one. */
const FIRST_DELAY_MS = 10_000
const MAX_DELAY_MS = 3_600_000
const TIMEOUT_MS = 30_000
const MAX_PROBLEM_LENGTH = 500

type Row = Selectable<WebhookRow>

/** Sends new alerts to webhooks: for processes that stay. */
export class WebhookSender {
  readonly #context: ServiceContext
  readonly #writeMessage: WriteWebhookMessage
  readonly #stopped = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined

  constructor(context: ServiceContext, writeMessage: WriteWebhookMessage) {
    this.#context = context
    this.#writeMessage = writeMessage
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#looking ??= this.look().finally(() => {
        this.#looking = undefined
      })
    }, LOOK_EVERY_MS)
    this.#timer.unref()
  }

  /** Sends what is new now; webhooks do not wait for one another. */
  async look(): Promise<void> {
    const { db, log, now } = this.#context
    try {
      const due = await db
        .selectFrom('webhooks')
        .innerJoin('users', 'users.id', 'webhooks.user_id')
        .selectAll('webhooks')
        .select(['users.username', 'users.is_admin'])
        .where('is_enabled', '=', 1)
        .where('users.is_active', '=', 1)
        // Only administrators may send what everybody's alerts say.
        .where('users.is_admin', '=', 1)
        .where('next_send_ms', '<=', now())
        .execute()
      await Promise.all(
        due.map((row) => {
          const user = { id: row.user_id, username: row.username, is_admin: row.is_admin }
          return this.#send(
            row,
            makePrincipal(user, { via: 'local', scopes: ALL_SCOPES, address: 'webhook' }),
          )
        }),
      )
    } catch (error) {
      log.error({ err: error }, 'alerts could not be sent to webhooks')
    }
  }

  /** Ends what is being sent: it is sent again by the next process. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#stopped.abort()
    await this.#looking
  }

  async #send(row: Row, principal: Principal): Promise<void> {
    const { db, now } = this.#context
    using guarded = makeGuardedFetch(JSON.parse(row.rules_json) as AddressRules)
    for (let lastId = row.last_alert_id; !this.#stopped.signal.aborted; ) {
      const alerts = await this.#readNew(row, principal, lastId)
      if (alerts.length === 0) return
      const problem = await post(
        guarded.fetch,
        row.url,
        await this.#describe(row, alerts),
        this.#stopped.signal,
      )
      if (this.#stopped.signal.aborted) return
      lastId = alerts.at(-1)!.id
      const failures = row.failures + 1
      await db
        .updateTable('webhooks')
        .set(
          problem === undefined
            ? { last_alert_id: lastId, last_sent_ms: now(), failures: 0, problem: null }
            : {
                failures,
                problem: problem.slice(0, MAX_PROBLEM_LENGTH),
                next_send_ms:
                  now() + Math.min(FIRST_DELAY_MS * 2 ** Math.min(failures - 1, 20), MAX_DELAY_MS),
              },
        )
        .where('id', '=', row.id)
        .execute()
      if (problem !== undefined) return
    }
  }

  async #readNew(row: Row, principal: Principal, lastId: number): Promise<readonly Selectable<AlertRow>[]> {
    return await this.#context.db
      .selectFrom('alerts')
      .selectAll()
      .where(isVisibleTo(principal))
      .where('organisation_id', '=', row.organisation_id)
      .where('id', '>', lastId)
      .where('severity', '>=', row.min_severity)
      .orderBy('id')
      .limit(BATCH)
      .execute()
  }

  async #describe(row: Row, alerts: readonly Selectable<AlertRow>[]): Promise<object> {
    const { uid, name } = await this.#context.db
      .selectFrom('organisations')
      .select(['uid', 'name'])
      .where('id', '=', row.organisation_id)
      .executeTakeFirstOrThrow()
    const told = alerts.map((alert) => ({
      uid: alert.uid,
      title: alert.title,
      severity: alert.severity,
      host: alert.host ?? undefined,
      createdAtMs: alert.created_at_ms,
    }))
    return this.#writeMessage(told, { uid, name })
  }
}

/** Why it was not taken; undefined when it was. */
async function post(
  doFetch: typeof globalThis.fetch,
  url: string,
  message: object,
  stopped: AbortSignal,
): Promise<string | undefined> {
  try {
    const answer = await doFetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'timeskein' },
      body: JSON.stringify(message),
      signal: AbortSignal.any([stopped, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    await answer.body?.cancel()
    return answer.ok ? undefined : `the address answered ${answer.status}`
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return cause instanceof Error ? cause.message : String(cause)
  }
}
