import type { SekoiaNotification } from '@timeskein/model/sekoia'
import { SEKOIA_ALERT_STATUSES } from '@timeskein/model/sekoia'
import { isDomainError } from '../../../errors/domain-error.ts'
import type { UserCall } from '../../../http/app-types.ts'
import { STATUS_NAMES } from '../../../services/alert-words/alert-status-names.ts'
import { listCopies, tellSekoiaIds } from '../../../services/alert-words/sekoia-ids.ts'
import type { Alert } from '../../../services/alerts/alert-service.ts'
import type { FindingChange } from '../../../services/findings/finding.ts'

/** What the socket tells of one thing that happened. */
export type News = Pick<SekoiaNotification, 'type' | 'action' | 'attributes'>

/** What happened to alerts of Sekoia.io -> the copy that told it first. */
type Tellers = Map<string, number>

/** How often it is looked for sketches that came to be shared with the caller. */
const RESCAN_MS = 30_000
const PAGE = 200

/**
 * Tells what happens to alerts of sketches that the caller may read, from now on until the signal aborts. Each entry of an alert's
 * history is told once; several that come together may be told together. Where sketches have the same alert of Sekoia.io, what happens
 * to their copies alike between two looks is told once, and only the first copy is told as created.
 *
 * @returns When the sketches that there are are watched.
 */
export async function watchAlerts(
  call: UserCall,
  tell: (news: News) => void,
  signal: AbortSignal,
): Promise<void> {
  const { services, principal, log } = call
  const watched = new Set<number>()
  /** Highest entry of the history that was told, by alert. */
  const told = new Map<number, number>()
  const beginMs = Date.now()
  let sinceMs = beginMs
  let looking: Promise<void> = Promise.resolve()
  let isLookDue = false

  const look = async (): Promise<void> => {
    const lookMs = Date.now()
    const tellers: Tellers = new Map()
    for (let after: string | undefined; !signal.aborted; ) {
      const page = await services.alerts.list(
        principal,
        { updatedFromMs: sinceMs },
        { sort: 'updated', order: 'asc', limit: PAGE, ...(after === undefined ? {} : { after }) },
      )
      for (const alert of page.items) await tellChanges(alert, tellers)
      if (page.next === undefined) break
      after = page.next
    }
    // What is written in the millisecond of this look may come after it.
    sinceMs = lookMs - 1
  }
  /** One look tells of all that happens until it begins. */
  const lookSoon = (): void => {
    if (isLookDue) return
    isLookDue = true
    const begin = async (): Promise<void> => {
      isLookDue = false
      await look()
    }
    looking = looking.then(begin).catch((error: unknown) => {
      if (!isDomainError(error)) log.error({ err: error }, 'news of alerts could not be read')
    })
  }
  const tellChanges = async (alert: Alert, tellers: Tellers): Promise<void> => {
    const changes = await services.alerts.listChanges(principal, alert.uid)
    const last = told.get(alert.id) ?? 0
    for (const change of changes) {
      if (change.id <= last || change.atMs < beginMs) continue
      told.set(alert.id, change.id)
      if (!(await isToldByCopy(alert, change, tellers))) tell(describeNews(alert, change.action))
    }
  }
  const isToldByCopy = async (
    alert: Alert,
    { action, details }: FindingChange,
    tellers: Tellers,
  ): Promise<boolean> => {
    const { uuid } = tellSekoiaIds(alert)
    if (action === 'comment') return false
    if (action === 'created')
      return (await listCopies(services.alerts, principal, uuid)).some(({ id }) => id < alert.id)
    const what = JSON.stringify([uuid, action, details['to']])
    const teller = tellers.get(what) ?? alert.id
    tellers.set(what, teller)
    return teller !== alert.id
  }
  const watch = async (sketchId: number): Promise<void> => {
    watched.add(sketchId)
    for await (const { kind } of services.changes.subscribe(sketchId, signal))
      if (kind === 'alerts' || kind === 'resync') lookSoon()
  }
  const scan = async (): Promise<void> => {
    for (const { sketchId } of await services.intakes.listEntities(principal))
      if (!watched.has(sketchId))
        void watch(sketchId).catch((error: unknown) =>
          log.error({ err: error }, 'a sketch is not watched any more'),
        )
  }
  const onFailure = (error: unknown): void => log.error({ err: error }, 'sketches could not be listed')
  const timer = setInterval(() => void scan().catch(onFailure), RESCAN_MS)
  timer.unref()
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
  await scan().catch(onFailure)
}

function describeNews(alert: Alert, action: string): News {
  const status = STATUS_NAMES[alert.status]
  const { uuid, shortId } = tellSekoiaIds(alert)
  const attributes = { uuid, short_id: shortId }
  if (action === 'comment') return { type: 'alert-comment', action: 'created', attributes }
  if (action === 'created') return { type: 'alert', action: 'created', attributes }
  const updated = { status: SEKOIA_ALERT_STATUSES[status], status_name: status }
  return { type: 'alert', action: 'updated', attributes: { ...attributes, updated } }
}
