import type { PlatformKind, PlatformRecord } from './core/platform-kind.ts'
import { readPath } from './core/read-record.ts'
import { ELEMENTS_DETECTION } from './elements/detection.ts'
import { ELEMENTS_DEVICE } from './elements/device.ts'
import { ELEMENTS_INCIDENT } from './elements/incident.ts'
import { ELEMENTS_SECURITY_EVENT } from './elements/security-event.ts'
import { SEKOIA_ALERT } from './sekoia/alert.ts'
import { SEKOIA_EVENT } from './sekoia/event.ts'
import { THREATSTACK_AGENT } from './threatstack/agent.ts'
import { THREATSTACK_ALERT } from './threatstack/alert.ts'

/** Every sort of item that is read; where several fit, the first counts. */
export const PLATFORM_KINDS: readonly PlatformKind[] = [
  ELEMENTS_SECURITY_EVENT,
  ELEMENTS_DETECTION,
  ELEMENTS_INCIDENT,
  ELEMENTS_DEVICE,
  THREATSTACK_ALERT,
  THREATSTACK_AGENT,
  SEKOIA_ALERT,
  SEKOIA_EVENT,
]

/** The sort of item that a record is; undefined when it is none that is known. */
export function findPlatformKind(record: PlatformRecord): PlatformKind | undefined {
  return PLATFORM_KINDS.find((kind) => hasShape(kind, record))
}

/** The sort of that name. */
export function getPlatformKind(name: string): PlatformKind {
  const kind = PLATFORM_KINDS.find((one) => one.name === name)
  if (!kind) throw new Error(`There is no sort of platform item ${name}.`)
  return kind
}

function hasShape({ required, without }: PlatformKind, record: PlatformRecord): boolean {
  const has = (path: string): boolean => readPath(record, path) !== undefined
  const isComplete = required.every((wanted) => (typeof wanted === 'string' ? has(wanted) : wanted.some(has)))
  return isComplete && !without?.some(has)
}
