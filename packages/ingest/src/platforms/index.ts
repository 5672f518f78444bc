export {
  PLATFORMS,
  type Platform,
  type PlatformAlert,
  type PlatformDevice,
  type PlatformEntries,
  type PlatformIncident,
  type PlatformKind,
  type PlatformRecord,
  type PlatformState,
} from './core/platform-kind.ts'
export {
  makePlatformItem,
  mapPlatformItem,
  type PlatformItem,
  readPlatformItem,
} from './map-record.ts'
export { planPlatformItems } from './plan-items.ts'
export { findPlatformKind, getPlatformKind, PLATFORM_KINDS } from './platform-kinds.ts'
