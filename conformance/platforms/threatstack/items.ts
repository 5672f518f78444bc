/** An item as one of the platform's own lists tells it. */
export type Item = Readonly<Record<string, unknown>>

const MINUTE_MS = 60_000
/** Alerts of May 2017: so many a day at 08:30. */
export const MAY_PER_DAY = 5

/** Agents in the shape of version 1, which reported at a moment: the first is online, as every second one after it. */
export function makeAgents(count: number, reportedMs: number): readonly Item[] {
  return Array.from({ length: count }, (_, n) => ({
    id: toId('a', n),
    agent_id: `${toId('0', 1)}-agent-${n}`,
    organization_id: toId('0', 1),
    policy_id: toId('p', 1),
    name: `agent ${n}`,
    description: '',
    hostname: `web-${n}.example.org`,
    ip_address: `203.0.113.${n % 250}`,
    version: '1.9.0',
    status: 'active',
    online: n % 2 === 0,
    enabled: true,
    pause: false,
    activated_at: '2014-01-31T14:36:24.359Z',
    created_at: '2014-01-31T01:32:54.000Z',
    updated_at: '2014-01-31T01:32:54.000Z',
    last_reported_at: new Date(reportedMs).toISOString(),
  }))
}

/** Alerts in the shape of version 1, a minute apart up to a moment, on the first hosts, of all severities. */
export function makeRecentAlerts(count: number, endMs: number): readonly Item[] {
  return Array.from({ length: count }, (_, n) => makeAlert(`recent ${n}`, n, endMs - n * MINUTE_MS))
}

/** Alerts of May 2017. */
export function makeMayAlerts(): readonly Item[] {
  return Array.from({ length: 31 * MAY_PER_DAY }, (_, n) =>
    makeAlert(`May ${n}`, 100_000 + n, Date.UTC(2017, 4, 1 + Math.floor(n / MAY_PER_DAY), 8, 30)),
  )
}

function makeAlert(title: string, n: number, createdMs: number): Item {
  return {
    id: toId('e', n),
    active: true,
    agent_id: toId('a', n % 3),
    alert_policy_id: toId('c', 1),
    count: 1 + (n % 4),
    created_at: createdMs,
    expires_at: createdMs + 60 * MINUTE_MS,
    dismissed: false,
    unread: true,
    key: `${toId('b', n % 2)}-${toId('a', n % 3)}-${'0'.repeat(32)}`,
    last_notified_at: new Date(createdMs).toISOString(),
    last_updated_at: new Date(createdMs).toISOString(),
    rule_id: toId('b', n % 2),
    severity: 1 + (n % 3),
    title,
    type: 'rule',
  }
}

function toId(letter: string, n: number): string {
  const digit = letter.charCodeAt(0).toString(16).padStart(4, '0')
  return digit + n.toString(16).padStart(20, '0')
}
