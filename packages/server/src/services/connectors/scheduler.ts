import { makePrincipal } from '../../auth/make-principal.ts'
import { ALL_SCOPES } from '../../auth/principal.ts'
import type { ServiceContext } from '../service-context.ts'
import type { ConnectorHouse } from './create-connector-service.ts'

/** How often it is looked whether a connector is due, in milliseconds. */
const LOOK_EVERY_MS = 5000
/** Connectors that are pulled at once: more would wait for the store. */
const MAX_PULLS = 2

type SchedulerContext = Pick<ServiceContext, 'db' | 'log' | 'now'>

/** Pulls connectors when their time has come, in the name of their users: for processes that stay. */
export class ConnectorScheduler {
  readonly #context: SchedulerContext
  readonly #house: Pick<ConnectorHouse, 'pullScheduled'>
  #isStopped = false
  readonly #running = new Map<string, Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> = Promise.resolve()

  constructor(context: SchedulerContext, house: Pick<ConnectorHouse, 'pullScheduled'>) {
    this.#context = context
    this.#house = house
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#looking = this.look()
    }, LOOK_EVERY_MS)
    this.#timer.unref()
  }

  /** Begins the pulls that are due now. */
  async look(): Promise<void> {
    const { db, log, now } = this.#context
    try {
      const due = await db
        .selectFrom('connectors')
        .innerJoin('users', 'users.id', 'connectors.user_id')
        .selectAll('connectors')
        .select(['users.username', 'users.is_admin'])
        .where('next_pull_ms', '<=', now())
        .where('removed_at_ms', 'is', null)
        .where('users.is_active', '=', 1)
        .orderBy('next_pull_ms')
        .execute()
      for (const row of due) {
        if (this.#isStopped || this.#running.size >= MAX_PULLS) return
        if (this.#running.has(row.uid)) continue
        const user = { id: row.user_id, username: row.username, is_admin: row.is_admin }
        const principal = makePrincipal(user, { via: 'local', scopes: ALL_SCOPES, address: 'scheduler' })
        const pull = this.#house
          .pullScheduled(principal, row)
          .catch((error: unknown) =>
            log.error({ err: error, connector: row.name }, 'a pull could not be noted'),
          )
          .finally(() => this.#running.delete(row.uid))
        this.#running.set(row.uid, pull)
      }
    } catch (error) {
      log.error({ err: error }, 'it could not be seen which connectors are due')
    }
  }

  /** Begins no more pulls. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearInterval(this.#timer)
    await this.#looking
  }
}
