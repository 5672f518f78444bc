import { getPlatformKind } from '@timeskein/ingest/platforms'
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
        read: (position) =>
          readWhole(
            getPlatformKind('elements-detection'),
            elements.incidents.pollDetections({ ...ONE_LOOK, ...position }).batches(),
          ),
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
