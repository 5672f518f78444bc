import { Elements, Sekoia, ThreatStack } from '@timeskein/sdk'
import { type Figure, quantile } from '../figures.ts'
import type { PlatformKeys } from './seed-platform.ts'

const ASKED = 60
const DAY_MS = 86_400_000

/** The first page of lists in each dialect, over HTTP, at times spread over the year. */
export async function measurePages(url: string, keys: PlatformKeys): Promise<readonly Figure[]> {
  const elements = new Elements({
    baseUrl: `${url}/elements`,
    clientId: keys.elements.client_id,
    clientSecret: keys.elements.client_secret,
  })
  const sekoia = new Sekoia({ apiKey: keys.sekoia.key, url: `${url}/sekoia` })
  const threatStack = new ThreatStack({ apiKey: keys.threatstack.key, baseUrl: `${url}/threatstack/api/v1` })
  const span = (step: number): { start: Date; end: Date } => {
    const startMs = Date.now() - (step + 2) * 6 * DAY_MS
    return { start: new Date(startMs), end: new Date(startMs + 5 * DAY_MS) }
  }
  const lists: readonly (readonly [string, (step: number) => Promise<unknown>])[] = [
    ['Elements security events, 200', (step) => elements.securityEvents.list(span(step)).firstPage()],
    [
      'Elements devices by status, 200',
      () => elements.devices.list({ protectionStatusOverview: 'critical' }).firstPage(),
    ],
    [
      'Threat Stack alerts, 100',
      (step) => threatStack.alerts.list({ ...span(step), page: 0, count: 100 }).firstPage(),
    ],
    [
      'Sekoia alerts, 100',
      (step) => sekoia.alerts.list({ date: { created_at: span(step) }, sort: 'created_at' }).firstPage(),
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
    figures.push({ name: `page of ${name}, p95`, ours: quantile(times, 0.95), unit: 'ms' })
  }
  return figures
}
