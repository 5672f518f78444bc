import type { StretchSettings } from '../pipeline/stretch.ts'
import type { PlatformKind } from './core/platform-kind.ts'
import { toSchema } from './platform-schemas.ts'

/** How items of one sort are read that stand one in each line, as the platform gives them: just as those of a file are. */
export function planPlatformItems(kind: PlatformKind): StretchSettings {
  const { times, aliases = {}, constants = {}, transform } = toSchema(kind)
  return {
    format: { kind: 'lines' },
    times: 'first',
    mapping: {
      schema: kind.name,
      times,
      allTimes: times,
      messageField: 'message',
      timeZone: 'UTC',
      dayFirst: undefined,
      ...(transform === undefined ? {} : { transform }),
      profile: {
        aliases: Object.fromEntries(Object.entries(aliases).map(([name, [field]]) => [name, field!])),
        constants: { ...constants, timestamp_desc: kind.timeDescription },
      },
      reason: `are ${kind.title}`,
    },
  }
}
