import { getPlatformKind } from '@timeskein/ingest/platforms'
import type { ElementsDetection } from '@timeskein/model/elements'
import { Elements } from '@timeskein/sdk'
import { DEVICES_EVERY_MS, type PlatformSource, type SourceOptions } from './platform-source.ts'
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
        read: ({ since, signal }) =>
          readWhole(getPlatformKind('elements-detection'), listDetections(elements, since, signal)),
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

/** All detections of the incidents that were updated: an incident may take in one that the platform received long before. */
async function* listDetections(
  { incidents }: Elements,
  since: string,
  signal: AbortSignal,
): AsyncGenerator<{ readonly items: readonly ElementsDetection[] }> {
  for await (const { incidentId } of incidents.list({ updated: { start: since }, order: 'asc', signal }))
    yield* incidents.detections(incidentId, { signal }).pages()
}
