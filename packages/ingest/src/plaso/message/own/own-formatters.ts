import type { FormatterDefinition } from '../definition.ts'
import { APPLE } from './apple.ts'
import { APPLICATIONS } from './applications.ts'
import { BROWSERS } from './browsers.ts'
import { LINUX } from './linux.ts'
import { toDefinitions } from './own-definition.ts'
import { PHONES } from './phones.ts'
import { REGISTRY } from './registry.ts'
import { SECURITY } from './security.ts'
import { WINDOWS } from './windows.ts'

/**
 * Messages of the data types that storage files hold most, in words of ours; attributes by the names of release 20260720. A data
 * type that is not among them has its attributes listed.
 */
export const OWN_FORMATTERS: readonly FormatterDefinition[] = [
  APPLE,
  APPLICATIONS,
  BROWSERS,
  LINUX,
  PHONES,
  REGISTRY,
  SECURITY,
  WINDOWS,
].flatMap(toDefinitions)
