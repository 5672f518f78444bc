import { getPlatformKind } from '@timeskein/ingest/platforms'
import { ThreatStack } from '@timeskein/sdk'
import {
  BEGINNING,
  DEVICES_EVERY_MS,
  type PlatformSource,
  type SourceOptions,
  type SourceStream,
} from './platform-source.ts'
import { readWhole } from './poll-pages.ts'
import { readWindows } from './read-windows.ts'

const HOUR_MS = 3_600_000
/** Alerts are looked at again for so long: the platform lists them by when they were made, not by when they changed. */
const CHANGES_MS = 30 * 24 * HOUR_MS

/** Threat Stack: agents and alerts. With a user id version 2 of its API is spoken, without one version 1. */
export function openThreatStackSource(options: SourceOptions): PlatformSource {
  return options.clientId === undefined ? openVersion1(options) : openVersion2(options, options.clientId)
}

function openVersion1({ url, organisationId, secret, fetch }: SourceOptions): PlatformSource {
  const client = new ThreatStack({
    apiKey: secret,
    baseUrl: endWith(url, '/v1', '/api/v1'),
    fetch,
    ...(organisationId === undefined ? {} : { organizationId: organisationId }),
  })
  return {
    async test() {
      const organizations = await client.organizations.list().toArray({ limit: 3 })
      const names = organizations.map(({ name }) => name).join(', ')
      return `Threat Stack (version 1) knows the key; organizations: ${names}.`
    },
    findAccount: async (signal) =>
      organisationId ??
      (await client.organizations.list({ signal }).toArray())
        .map(({ id }) => id)
        .sort()
        .join(' '),
    streams: [
      {
        name: 'agents',
        wholeEveryMs: DEVICES_EVERY_MS,
        read: ({ signal }) =>
          readWhole(
            getPlatformKind('threatstack-agent'),
            client.agents.list({ start: BEGINNING, signal }).pages(),
          ),
      },
      {
        name: 'alerts',
        lateMs: CHANGES_MS,
        read: ({ since, signal }) =>
          readWindows(getPlatformKind('threatstack-alert'), {
            since,
            list: (start, end) => client.alerts.list({ start, end, signal }).pages(),
            readTime: ({ created_at }) => created_at,
          }),
      },
    ],
  }
}

function openVersion2({ url, organisationId, secret, fetch }: SourceOptions, userId: string): PlatformSource {
  const client = ThreatStack.v2({
    userId,
    organizationId: organisationId ?? '',
    apiKey: secret,
    baseUrl: endWith(url, '/v2', '/v2'),
    fetch,
  })
  const readAlerts = (status: 'active' | 'dismissed'): SourceStream['read'] => {
    return ({ since, signal }) =>
      readWindows(getPlatformKind('threatstack-alert'), {
        since,
        list: (from, until) => client.alerts.list({ status, from, until, signal }).pages(),
        readTime: ({ createdAt }) => createdAt,
      })
  }
  const readAgents = (status: 'online' | 'offline'): SourceStream['read'] => {
    return ({ signal }) =>
      readWhole(getPlatformKind('threatstack-agent'), client.agents({ status, signal }).pages())
  }
  return {
    async test(signal) {
      await client.selfTest({ signal })
      return `Threat Stack (version 2) accepts what user ${userId} signs.`
    },
    findAccount: async () => organisationId ?? '',
    streams: [
      { name: 'agents', wholeEveryMs: DEVICES_EVERY_MS, read: readAgents('online') },
      { name: 'offline-agents', wholeEveryMs: DEVICES_EVERY_MS, read: readAgents('offline') },
      { name: 'alerts', read: readAlerts('active') },
      {
        name: 'dismissed-alerts',
        wholeEveryMs: HOUR_MS / 4,
        lateMs: CHANGES_MS,
        read: readAlerts('dismissed'),
      },
    ],
  }
}

/** The address with its version at the end. */
function endWith(url: string, ending: string, added: string): string {
  const base = url.replace(/\/+$/, '')
  return base.endsWith(ending) ? base : base + added
}
