import { randomUUID } from 'node:crypto'
import {
  type SekoiaNotification,
  type SekoiaStatistics,
  sekoiaRefusalSchema,
  sekoiaStatisticsRequestSchema,
} from '@timeskein/model/sekoia'
import { isQueryError } from '@timeskein/query'
import { isDomainError } from '../../../errors/domain-error.ts'
import type { AppContext, UserCall } from '../../../http/app-types.ts'
import { check, readJsonText } from '../../../http/check-input.ts'
import { type PlatformRoute, platformRoute } from '../../platform/platform-route.ts'
import { findCommunity } from '../find-community.ts'
import { holds } from '../holds.ts'
import { type News, watchAlerts } from '../live/alert-news.ts'
import { answerInTurn } from '../live/answer-in-turn.ts'
import { openSocket } from '../live/open-socket.ts'
import { SocketLimits } from '../live/socket-limits.ts'
import { readSpan } from '../request/read-moment.ts'
import { sekoiaRoute } from '../sekoia-route.ts'
import { writeTime } from '../shapes/authorship.ts'

/** The sockets. Asked for without one they say so. */
export function makeLiveRoutes(): readonly PlatformRoute[] {
  const limits = new SocketLimits()
  return [
    platformRoute({
      method: 'GET',
      path: '/live',
      summary: 'A socket that tells what happens to alerts and search jobs.',
      permission: 'user',
      permissions: ['SIC_READ_ALERTS', 'SIC_READ_INTAKES'],
      answers: { 101: null, 426: sekoiaRefusalSchema },
      handle: async (call, _input, c) => {
        const { uid } = await findCommunity(call.services, call.principal)
        const isOpen = openSocket(c, call, limits, (socket) => {
          const tell = (news: News): void => socket.send(JSON.stringify(toNotification(news, uid)))
          // The first message asks for what the connection is for already.
          socket.onText(() => {})
          if (holds(call.principal, ['SIC_READ_ALERTS'])) void watchAlerts(call, tell, socket.signal)
          if (holds(call.principal, ['SIC_READ_INTAKES'])) watchJobs(call, tell, socket.signal)
        })
        return isOpen ? c.body(null, 204) : upgradeRequired(c)
      },
    }),
    sekoiaRoute({
      method: 'GET',
      path: '/v1/events/stats',
      summary: 'A socket that is asked once for numbers of events over time.',
      permission: 'user',
      permissions: ['SIC_READ_EVENT_STATS', 'EVENTS_READ_STATS', 'SIC_READ_INTAKES'],
      answers: { 101: null, 426: sekoiaRefusalSchema },
      handle: async (call, _input, c) => {
        const isOpen = openSocket(c, call, limits, (socket) =>
          answerInTurn(socket, (text) =>
            answerStatistics(call, limits, text, socket.signal).catch(describeFailure),
          ),
        )
        return isOpen ? c.body(null, 204) : upgradeRequired(c)
      },
    }),
  ]
}

function watchJobs({ services, principal }: UserCall, tell: (news: News) => void, signal: AbortSignal): void {
  services.searchJobs.watch(
    principal,
    ({ uid, status }) =>
      tell({ type: 'search-job', action: 'updated', attributes: { uuid: uid, updated: { status } } }),
    signal,
  )
}

function upgradeRequired(c: AppContext): Response {
  return c.json(
    { message: 'A WebSocket was expected (RFC 6455, version 13).', code: 'upgrade-required' },
    426,
  )
}

function toNotification(news: News, community: string): SekoiaNotification {
  const metadata = {
    version: 2 as const,
    uuid: randomUUID(),
    created_at: writeTime(Date.now()),
    community_uuid: community,
  }
  return { metadata, ...news }
}

async function answerStatistics(
  call: UserCall,
  limits: SocketLimits,
  text: string,
  signal: AbortSignal,
): Promise<SekoiaStatistics> {
  await limits.takeQuestion(call)
  const request = check(sekoiaStatisticsRequestSchema, readJsonText(text), 'message')
  const asked = {
    term: request.term ?? '',
    language: 'dork' as const,
    filters: request.filters ?? [],
    ...readSpan(
      { value: request.range[0], what: 'range[0]' },
      { value: request.range[1], what: 'range[1]' },
      Date.now(),
    ),
    kind: request.aggregation,
    field: request.field ?? undefined,
    bucketMs: Math.max(1, Math.round(request.minutes_per_bucket * 60_000)),
  }
  const numbers = await call.services.searchJobs.countOverTime(call.principal, asked, signal)
  return {
    aggregations: numbers.map(({ atMs, value }) => ({
      datetime: new Date(atMs).toISOString(),
      value: value ?? null,
      anomaly: null,
      prediction: null,
    })),
    anomaly_detection_candidate: false,
    anomaly_detection_candidate_score_y_acf1: 0,
    anomaly_detection_candidate_score_y_acf5: 0,
    anomaly_detection_candidate_score_seas_acf1: 0,
  }
}

function describeFailure(error: unknown): { readonly message: string; readonly code: string } {
  if (isDomainError(error) || isQueryError(error)) return { message: error.message, code: error.code }
  return { message: 'The server failed.', code: 'internal-error' }
}
