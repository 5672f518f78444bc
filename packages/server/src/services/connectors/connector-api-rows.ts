import type { ApiConnector, ApiConnectorRejects, ApiNewConnector } from '@timeskein/model'
import { readTypedMoment } from '@timeskein/query'
import { invalid } from '../../errors/domain-error.ts'
import type { Connector, ConnectorReject, NewConnector } from './connector-service.ts'

/** A connector in the words of our API. */
export function toApiConnector(connector: Connector): ApiConnector {
  const { name, platform, url, sketchId, timelineId, username, clientId, organisationId } = connector
  const { state, problem, sinceMs, lastPullMs, nextPullMs, failures, pulling } = connector.status
  return {
    name,
    platform,
    url,
    sketchId,
    ...(timelineId === undefined ? {} : { timelineId }),
    user: username,
    ...(clientId === undefined ? {} : { clientId }),
    ...(organisationId === undefined ? {} : { organisationId }),
    state,
    ...(problem === undefined ? {} : { problem }),
    since: toIso(sinceMs),
    ...(lastPullMs === undefined ? {} : { lastPull: toIso(lastPullMs) }),
    nextPull: toIso(nextPullMs),
    failures,
    ...(pulling === undefined ? {} : { pulling: { since: toIso(pulling.sinceMs), read: pulling.read } }),
    cursor: connector.cursor,
    counts: connector.counts,
    aside: connector.asideCount,
    createdAt: toIso(connector.createdAtMs),
  }
}

/** Items that were put aside in the words of our API. */
export function toApiRejects({
  items,
  total,
}: {
  readonly items: readonly ConnectorReject[]
  readonly total: number
}): ApiConnectorRejects {
  return {
    total,
    rejects: items.map(({ kind, id, reason, json, atMs }) => ({
      kind,
      ...(id === undefined ? {} : { id }),
      reason,
      at: toIso(atMs),
      item: json,
    })),
  }
}

/** What makes a connector, as services take it. */
export function readNewConnector({
  url,
  clientId,
  organisationId,
  allowPrivate = false,
  ...rest
}: ApiNewConnector): NewConnector {
  return {
    ...rest,
    isPrivateAllowed: allowPrivate,
    ...(url === undefined ? {} : { url }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(organisationId === undefined ? {} : { organisationId }),
  }
}

/**
 * The moment where a pull begins, as typed: a date, `now-30d`, or seconds since 1970. From one in the future on nothing would be pulled.
 *
 * @throws {DomainError} `invalid` (`bad-date`).
 */
export function readPullStart(text: string | undefined, nowMs: number = Date.now()): { since?: string } {
  if (text === undefined) return {}
  const ms = readTypedMoment(text, nowMs)
  if (ms === undefined || ms > nowMs)
    throw invalid(
      'bad-date',
      `A pull begins at a date such as 2024-01-31, or now-30d, that is not in the future; found ${JSON.stringify(text.slice(0, 100))}.`,
    )
  return { since: toIso(ms) }
}

function toIso(ms: number): string {
  return new Date(ms).toISOString()
}
