import { getPlatformKind } from '@timeskein/ingest/platforms'
import { Sekoia } from '@timeskein/sdk'
import type { PlatformSource, SourceOptions } from './platform-source.ts'
import { ONE_LOOK, readPoll } from './poll-pages.ts'

/** Sekoia.io: alerts and events. */
export function openSekoiaSource({ url, secret, fetch }: SourceOptions): PlatformSource {
  const sekoia = new Sekoia({ apiKey: secret, url, fetch })
  return {
    async test(signal) {
      const { identity } = await sekoia.validate({ signal })
      return `Sekoia.io knows the key as ${identity}.`
    },
    findAccount: async (signal) => (await sekoia.me({ signal })).community,
    streams: [
      {
        name: 'alerts',
        read: (position) =>
          readPoll(
            getPlatformKind('sekoia-alert'),
            sekoia.alerts.poll({ ...ONE_LOOK, ...position }),
            ({ updated_at }) => toTime(updated_at * 1000),
          ),
      },
      {
        name: 'events',
        read: (position) =>
          readPoll(
            getPlatformKind('sekoia-event'),
            sekoia.pollEvents('*', { ...ONE_LOOK, ...position }),
            ({ timestamp }) => toTime(timestamp),
          ),
      },
    ],
  }
}

/** @returns Undefined for what is no time. */
function toTime(moment: number | string): string | undefined {
  const date = new Date(moment)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
