import type { ThreatStackAlertV2, ThreatStackDismissReason } from '@timeskein/model/threatstack'
import type { Listing } from '../../paging/listing.ts'
import { Poll, type PollOptions, splitPollOptions } from '../../paging/poll.ts'
import { readRisingWindows } from '../../paging/rising-windows.ts'
import { toTimestamp } from '../../paging/time-input.ts'
import { path } from '../../transport/path.ts'
import type { CallOptions } from '../call-options.ts'
import type { Connection } from '../connection.ts'
import { listByToken, type TimeSpan, toSpan } from './list.ts'

/** Most ids of one call. */
const DISMISS_BATCH = 512

/** Which alerts. */
export interface AlertFilter extends TimeSpan {
  /** @default 'active' */
  readonly status?: 'active' | 'dismissed' | undefined
  readonly severity?: 1 | 2 | 3 | undefined
  readonly agentId?: string | undefined
  readonly ruleId?: string | undefined
  readonly rulesetId?: string | undefined
}

/** Why alerts are dismissed. `OTHER` needs a text, the others take none. */
export interface Dismissal {
  readonly reason: ThreatStackDismissReason
  readonly text?: string | undefined
}

/** Alerts, newest first. */
export class AlertsV2 {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  list({ status = 'active', ...filter }: AlertFilter & CallOptions = {}): Listing<ThreatStackAlertV2> {
    return listByToken(this.#connection, '/alerts', 'alerts', { status, ...filter })
  }

  /** Undefined where there is none. */
  get(id: string, options: CallOptions = {}): Promise<ThreatStackAlertV2 | undefined> {
    return this.#connection.find({ method: 'GET', path: path`/alerts/${id}` }, options)
  }

  /** The events of an alert, whose members are those of the events; undefined where there is no such alert. */
  async events(
    id: string,
    options: CallOptions = {},
  ): Promise<readonly Readonly<Record<string, unknown>>[] | undefined> {
    const answer = await this.#connection.find<{
      readonly events: readonly Readonly<Record<string, unknown>>[]
    }>({ method: 'GET', path: path`/alerts/${id}/events` }, options)
    return answer?.events
  }

  /** How many active alerts there are of each severity. */
  async severityCounts(
    span: TimeSpan & CallOptions = {},
  ): Promise<readonly { readonly severity: number; readonly count: number }[]> {
    const answer = await this.#connection.send<{
      readonly severityCounts: readonly { readonly severity: number; readonly count: number }[]
    }>({ method: 'GET', path: '/alerts/severity-counts', query: toSpan(span) }, span)
    return answer.severityCounts
  }

  /** Dismisses alerts, 512 at a time. */
  async dismiss(ids: string | readonly string[], why: Dismissal, options: CallOptions = {}): Promise<void> {
    const all = typeof ids === 'string' ? [ids] : ids
    for (let start = 0; start < all.length; start += DISMISS_BATCH)
      await this.#dismiss({ ids: all.slice(start, start + DISMISS_BATCH) }, why, options)
  }

  /** Dismisses all active alerts that answer. */
  async dismissAll(
    filter: Omit<AlertFilter, 'status' | 'rulesetId'>,
    why: Dismissal,
    options: CallOptions = {},
  ): Promise<void> {
    const { severity, ruleId: ruleID, agentId: agentID } = filter
    await this.#dismiss({ ...toSpan(filter), severity, ruleID, agentID }, why, options)
  }

  /** Alerts as they come, each once, up to `until` where it is given; active ones unless `status` says otherwise. */
  poll(options: AlertFilter & PollOptions = {}): Poll<ThreatStackAlertV2> {
    const { poll, rest } = splitPollOptions(options)
    return new Poll(
      {
        list: (since, signal) => ({
          pages: () =>
            readRisingWindows({
              since,
              until: rest.until === undefined ? undefined : toTimestamp(rest.until),
              list: (from, until) => this.list({ ...rest, from, until, signal }).pages(),
              readTime: ({ createdAt }) => createdAt,
            }),
        }),
        readTime: ({ createdAt }) => createdAt,
        readKey: ({ id, isDismissed }) => `${id} ${isDismissed}`,
        isUnordered: true,
      },
      poll,
    )
  }

  async #dismiss(
    which: object,
    { reason: dismissReason, text: dismissReasonText }: Dismissal,
    options: CallOptions,
  ): Promise<void> {
    const json = {
      ...which,
      dismissReason,
      ...(dismissReasonText === undefined ? {} : { dismissReasonText }),
    }
    await this.#connection.send({ method: 'POST', path: '/alerts/dismiss', json }, options)
  }
}
