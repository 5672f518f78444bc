import type { SekoiaAlert } from '@timeskein/model/sekoia'
import { Listing } from '../../paging/listing.ts'
import { Poll, type PollOptions } from '../../paging/poll.ts'
import type { CallOptions } from '../connection/connection.ts'
import type { AlertFilter, SekoiaAlerts } from './alerts.ts'

/** The moment from which alerts are asked for, and how many of that moment were read. */
interface ChangeCursor {
  readonly since: string
  readonly offset: number
}

/**
 * Alerts by the time of their last change. A page goes on from the time of the last alert, not from its place: an alert that changes
 * meanwhile moves to the end of the list, and by places the one after it would be left out.
 */
export function pollAlerts(
  alerts: SekoiaAlerts,
  options: PollOptions & Pick<AlertFilter, 'match' | 'nomatch'> & CallOptions,
): Poll<SekoiaAlert> {
  const { match, nomatch, timeoutMs } = options
  return new Poll<SekoiaAlert>(
    {
      list: (start, signal) =>
        new Listing<SekoiaAlert, ChangeCursor>('GET /v1/sic/alerts', async (cursor) => {
          const { since, offset } = cursor ?? { since: start, offset: 0 }
          const { items, next } = await alerts
            .list({
              ...(match && { match }),
              ...(nomatch && { nomatch }),
              date: { updated_at: { start: since } },
              sort: 'updated_at',
              direction: 'asc',
              offset,
              signal,
              timeoutMs,
            })
            .firstPage()
          if (next === undefined || items.length === 0) return { items, next: undefined }
          const latest = findLatest(items)
          const goesOn = latest !== undefined && Date.parse(latest) > Date.parse(since)
          return { items, next: goesOn ? { since: latest, offset: 0 } : { since, offset: next } }
        }),
      readTime: readChangeTime,
      readKey: ({ uuid, updated_at }) => `${uuid} ${updated_at}`,
    },
    options,
  )
}

/** Alerts tell whole seconds. @throws {RangeError} For one whose time is none. */
function readChangeTime({ updated_at }: SekoiaAlert): string {
  return new Date(updated_at * 1000).toISOString()
}

/** Of the last alert that tells it. */
function findLatest(alerts: readonly SekoiaAlert[]): string | undefined {
  const last = alerts.findLast((alert) => Number.isFinite(alert?.updated_at))
  return last && readChangeTime(last)
}
