import { type Schema, timeField } from '../schemas/schema.ts'
import type { PlatformKind } from './core/platform-kind.ts'
import { PLATFORM_KINDS } from './platform-kinds.ts'
import { SEKOIA_EVENT, SEKOIA_EVENT_MESSAGES } from './sekoia/event.ts'

/** Names that other readers of events look for, and where these events have them. */
const ALIASES: NonNullable<Schema['aliases']> = {
  hostname: ['host.name'],
  source_ip: ['source.ip'],
  username: ['user.name'],
}

const SOURCES: Readonly<Record<PlatformKind['platform'], string>> = {
  elements: 'WithSecure Elements',
  sekoia: 'Sekoia.io',
  threatstack: 'Threat Stack',
}

/** Where events of Sekoia.io have their time. */
const OWN_TIMES = ['timestamp', '@timestamp'].map((field) => timeField(field, SEKOIA_EVENT.timeDescription))

/** How items of platforms are known in files: as replies of their APIs have them, one, a list, or one in each line. */
export const PLATFORM_SCHEMAS: readonly Schema[] = PLATFORM_KINDS.map(toSchema)

/** The schema of one sort of item. */
export function toSchema(kind: PlatformKind): Schema {
  const { name, title, required, without, timeDescription, platform, dataType } = kind
  const common = {
    name,
    title,
    required,
    ...(without === undefined ? {} : { without }),
    aliases: ALIASES,
    constants: { data_type: dataType, source_short: 'API', source_long: SOURCES[platform] },
  }
  if (kind === SEKOIA_EVENT)
    return { ...common, times: OWN_TIMES, message: ['message', ...SEKOIA_EVENT_MESSAGES] }
  return {
    ...common,
    // Events that are no other item may stand among the items of a list.
    times: [timeField('datetime', timeDescription, { format: 'iso' }), ...OWN_TIMES],
    message: ['message'],
    transform: 'platform',
  }
}
