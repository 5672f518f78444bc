import type { ReadEvent } from '../../event-source.ts'

/** The number of a Windows event, however it is written; undefined when it is none. */
export function readEventId(event: ReadEvent): number | undefined {
  const value = event.get('event_identifier')
  const id = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : undefined
}
