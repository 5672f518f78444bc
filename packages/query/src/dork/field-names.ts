/** The name under which a store keeps what a platform calls `field`. */
export type NameField = (field: string) => string

/** The field that holds an event's time in every store of the house. */
const EVENT_TIME = 'datetime'
const EVENT_TIME_NAMES: ReadonlySet<string> = new Set(['timestamp', '@timestamp', EVENT_TIME])

/** Sekoia's event fields as a store names them: the event's time, `timestamp` there, is `datetime`; all others keep their names. */
export function nameEventField(field: string): string {
  return EVENT_TIME_NAMES.has(field) ? EVENT_TIME : field
}

/** True for the store's name of an event's time, which is compared with dates. */
export function isEventTime(field: string): boolean {
  return field === EVENT_TIME
}
