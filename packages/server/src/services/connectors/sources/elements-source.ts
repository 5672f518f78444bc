import { getPlatformKind } from '@timeskein/ingest/platforms'
import { Elements } from '@timeskein/sdk'
import {
  DEVICES_EVERY_MS,
  type PlatformSource,
  type SourceOptions,
  type SourcePage,
} from './platform-source.ts'
import { ONE_LOOK, readPoll, readWhole } from './poll-pages.ts'

/** WithSecure Elements: devices, incidents with their detections, and security events. */
export function openElementsSource({
  url,
  clientId,
  organisationId,
  secret,
  fetch,
}: SourceOptions): PlatformSource {
  const elements = new Elements({
    baseUrl: url,
    clientId: clientId ?? '',
    clientSecret: secret,
    userAgent: 'timeskein-pull',
    fetch,
    ...(organisationId === undefined ? {} : { organizationId: organisationId }),
  })
  return {
    async test(signal) {
      const { clientId: client, organizationId } = await elements.whoAmI({ signal })
      return `WithSecure Elements knows client ${client} of organization ${organizationId}.`
    },
    findAccount: async (signal) => organisationId ?? (await elements.whoAmI({ signal })).organizationId,
    streams: [
      {
        name: 'devices',
        wholeEveryMs: DEVICES_EVERY_MS,
        read: ({ signal }) =>
          readWhole(getPlatformKind('elements-device'), elements.devices.list({ signal }).pages()),
      },
      {
        name: 'incidents',
        read: (position) =>
          readPoll(
            getPlatformKind('elements-incident'),
            elements.incidents.poll({ ...ONE_LOOK, ...position }),
            ({ updatedTimestamp }) => updatedTimestamp,
          ),
      },
      {
        name: 'detections',
        read: ({ since, signal }) => readDetections(elements, since, signal),
      },
      {
        name: 'security-events',
        read: (position) =>
          readPoll(
            getPlatformKind('elements-security-event'),
            elements.securityEvents.poll({ ...ONE_LOOK, ...position }),
            ({ persistenceTimestamp }) => persistenceTimestamp,
          ),
      },
    ],
  }
}

/**
 * All detections of the incidents that were updated: an incident may take in one that the platform received long before. Read up to
 * the last incident of which all were read.
 */
async function* readDetections(
  { incidents }: Elements,
  since: string,
  signal: AbortSignal,
): AsyncGenerator<SourcePage> {
  const kind = getPlatformKind('elements-detection')
  for await (const incident of incidents.list({ updated: { start: since }, order: 'asc', signal })) {
    // One without an id is put aside where incidents are read.
    if (typeof incident?.incidentId !== 'string') continue
    for await (const { items } of incidents.detections(incident.incidentId, { signal }).pages())
      yield { groups: [{ kind, records: items }], upTo: undefined }
    yield { groups: [], upTo: incident.updatedTimestamp }
  }
}
