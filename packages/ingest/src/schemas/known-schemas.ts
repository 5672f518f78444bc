import { PLATFORM_SCHEMAS } from '../platforms/platform-schemas.ts'
import { CLOUD_SCHEMAS } from './cloud.ts'
import { COLLECTOR_SCHEMAS } from './collectors.ts'
import { CONTAINER_SCHEMAS } from './containers.ts'
import { DETECTION_SCHEMAS } from './detections.ts'
import { EZ_TOOL_SCHEMAS } from './ez-tools.ts'
import { NETWORK_SCHEMAS } from './network.ts'
import { PLASO_SCHEMAS } from './plaso.ts'
import { matchesSchema, type Schema } from './schema.ts'
import { TIMESKETCH_SCHEMAS } from './timesketch.ts'
import { WINDOWS_SCHEMAS } from './windows-events.ts'

/** Every known shape of input; where several fit, the first counts. */
export const KNOWN_SCHEMAS: readonly Schema[] = [
  ...PLASO_SCHEMAS,
  ...TIMESKETCH_SCHEMAS,
  ...PLATFORM_SCHEMAS,
  ...DETECTION_SCHEMAS,
  ...EZ_TOOL_SCHEMAS,
  ...WINDOWS_SCHEMAS,
  ...CLOUD_SCHEMAS,
  ...CONTAINER_SCHEMAS,
  ...COLLECTOR_SCHEMAS,
  ...NETWORK_SCHEMAS,
]

/** The schema that an input with these fields has; undefined when none is known. */
export function findSchema(fields: ReadonlySet<string>): Schema | undefined {
  return KNOWN_SCHEMAS.find((schema) => matchesSchema(schema, fields))
}
