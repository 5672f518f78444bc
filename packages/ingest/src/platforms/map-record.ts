import type { PlatformEntries, PlatformEvent, PlatformKind, PlatformRecord } from './core/platform-kind.ts'
import { isRecord, readText } from './core/read-record.ts'
import { findPlatformKind, PLATFORM_KINDS } from './platform-kinds.ts'
import { SEKOIA_EVENT, SEKOIA_EVENT_MESSAGES } from './sekoia/event.ts'

/**
 * Makes an event of one item of a platform: fields of the Elastic Common Schema (version 8) with dots in their names, and the
 * platform's record whole in the member that is called as the platform is. An event of Sekoia.io has such names already: among other
 * items it only says what it is.
 *
 * @param record - Any value; what is no item of a platform is left as it is.
 * @returns Undefined for what stays as it is.
 */
export function mapPlatformRecord(record: unknown): PlatformEvent | undefined {
  const kind = isRecord(record) ? findPlatformKind(record) : undefined
  if (!kind || !isRecord(record)) return undefined
  return kind === SEKOIA_EVENT ? nameEvent(record) : mapPlatformItem(kind, record)
}

/** The same for a record whose sort is known; undefined for an event that stands among its like. */
export function mapPlatformItem(kind: PlatformKind, record: PlatformRecord): PlatformEvent | undefined {
  if (kind === SEKOIA_EVENT) return undefined
  const own = kind.toEvent(record)
  // Members are set one by one, once: spread over objects in between, so many of them cost more than reading them.
  const event: Record<string, unknown> = {}
  if (own['datetime'] !== undefined) event['datetime'] = own['datetime']
  event['timestamp_desc'] = kind.timeDescription
  if (own['message'] !== undefined) event['message'] = own['message']
  event['data_type'] = kind.dataType
  const id = kind.identify(record)
  if (id !== undefined) event['event.id'] = id
  event['event.module'] = kind.platform
  event['event.dataset'] = `${kind.platform}.${kind.dataType.slice(kind.dataType.lastIndexOf(':') + 1)}`
  for (const name of Object.keys(own)) {
    const value = own[name]
    const isEmpty = value === undefined || (Array.isArray(value) && value.length === 0)
    if (!isEmpty && name !== 'datetime' && name !== 'message') event[name] = value
  }
  event[kind.platform] = record
  return event
}

/** An event of Sekoia.io with what the schema of its sort would say for it. */
function nameEvent(record: PlatformRecord): PlatformEvent {
  const message = readText(record, 'message', ...SEKOIA_EVENT_MESSAGES)
  return {
    ...(message === undefined ? {} : { message }),
    data_type: SEKOIA_EVENT.dataType,
    ...record,
  }
}

/** An item of a platform as it was found in an event. */
export interface PlatformItem {
  readonly kind: PlatformKind
  readonly id: string
  readonly record: PlatformRecord
  readonly entries: PlatformEntries
}

/** The item that an event was made of; undefined for events of other things. */
export function readPlatformItem(event: PlatformEvent): PlatformItem | undefined {
  const kind = PLATFORM_KINDS.find(({ dataType }) => dataType === event['data_type'])
  const record = kind && event[kind.platform]
  if (!kind || !isRecord(record)) return undefined
  return makePlatformItem(kind, record)
}

/** An item of a known sort; undefined where it has no id. */
export function makePlatformItem(kind: PlatformKind, record: PlatformRecord): PlatformItem | undefined {
  const id = kind.identify(record)
  return id === undefined ? undefined : { kind, id, record, entries: kind.toEntries(record) }
}
