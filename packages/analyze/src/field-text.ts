import type { ReadEvent } from './event-source.ts'

/** A field's value as text; undefined where there is none. */
export function fieldText(event: ReadEvent, field: string): string | undefined {
  return valueText(event.get(field))
}

/** A value as text; undefined for what says nothing. */
export function valueText(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}
