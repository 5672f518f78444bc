import { Elements, Sekoia, ThreatStack } from '@timeskein/sdk'
import { type Figure, median, quantile } from '../figures.ts'
import type { PlatformSize, SeededPlatform } from './seed-platform.ts'

const ASKED = 60
const DAY_MS = 86_400_000

/** Pages of lists in each dialect, over HTTP: first ones at times spread over the year, and late ones. */
export async function measurePages(
  url: string,
  { keys, endMs }: SeededPlatform,
  { alerts, devices }: PlatformSize,
): Promise<readonly Figure[]> {
  const elements = new Elements({
    baseUrl: `${url}/elements`,
    clientId: keys.elements.client_id,
    clientSecret: keys.elements.client_secret,
  })
  const sekoia = new Sekoia({ apiKey: keys.sekoia.key, url: `${url}/sekoia` })
  const threatStack = new ThreatStack({ apiKey: keys.threatstack.key, baseUrl: `${url}/threatstack/api/v1` })
  const signed = ThreatStack.v2({
    apiKey: keys.threatstackV2.key,
    userId: keys.threatstackV2.user_id,
    organizationId: keys.threatstackV2.org_id,
    baseUrl: `${url}/threatstack/v2`,
  })
  const span = (step: number): { start: Date; end: Date } => {
    const startMs = endMs - (step + 2) * 6 * DAY_MS
    return { start: new Date(startMs), end: new Date(startMs + 5 * DAY_MS) }
  }
  const fromUntil = (step: number): { from: Date; until: Date } => {
    const { start, end } = span(step)
    return { from: start, until: end }
  }
  const year = { start: new Date(endMs - 366 * DAY_MS), end: new Date(endMs + DAY_MS) }
  const late = (step: number, of: number): number => Math.max(0, Math.floor(of / 100) - 2 - step)
  const lists: readonly (readonly [string, (step: number) => Promise<unknown>])[] = [
    ['Elements security events, 200', (step) => elements.securityEvents.list(span(step)).firstPage()],
    ['Elements devices, 200', () => elements.devices.list().firstPage()],
    [
      'Elements devices by status, 200',
      () => elements.devices.list({ protectionStatusOverview: 'critical' }).firstPage(),
    ],
    [
      'Threat Stack v1 alerts, 100',
      (step) => threatStack.alerts.list({ ...span(step), page: 0, count: 100 }).firstPage(),
    ],
    [
      'Threat Stack v1 alerts, 100, the last pages',
      (step) => threatStack.alerts.list({ ...year, page: late(step, alerts), count: 100 }).firstPage(),
    ],
    [
      'Threat Stack v1 agents, 100',
      () => threatStack.agents.list({ ...year, page: 0, count: 100 }).firstPage(),
    ],
    [
      'Threat Stack v1 agents, 100, page after page to the last',
      (step) =>
        threatStack.agents.list({ ...year, page: late(ASKED - step, devices), count: 100 }).firstPage(),
    ],
    ['Threat Stack v2 alerts, 100', (step) => signed.alerts.list(fromUntil(step)).firstPage()],
    ['Threat Stack v2 severity counts', (step) => signed.alerts.severityCounts(fromUntil(step))],
    ['Threat Stack v2 agents', () => signed.agents({ status: 'offline' }).firstPage()],
    ['Threat Stack v2 servers', () => signed.ec2Servers().firstPage()],
    [
      'Sekoia alerts, 100',
      (step) => sekoia.alerts.list({ date: { created_at: span(step) }, sort: 'created_at' }).firstPage(),
    ],
    [
      'Sekoia alerts, 100, the last ones',
      (step) =>
        sekoia.alerts.list({ sort: 'created_at', offset: Math.max(0, alerts - 200 - step) }).firstPage(),
    ],
  ]
  const figures: Figure[] = []
  for (const [name, ask] of lists) {
    await ask(0)
    const times: number[] = []
    for (let step = 0; step < ASKED; step += 1) {
      const startedMs = performance.now()
      await ask(step)
      times.push(performance.now() - startedMs)
    }
    figures.push(figureOf(`page of ${name}, p95`, times))
  }
  return figures
}

/** The 95th percentile of times in milliseconds, with their median. */
export function figureOf(name: string, times: readonly number[], note = ''): Figure {
  return {
    name,
    ours: quantile(times, 0.95),
    unit: 'ms',
    note: `median ${median(times).toFixed(2)} ms${note && `; ${note}`}`,
  }
}
