import type { ReadEvent } from './event-source.ts'

/** A field's value as text; undefined where there is none. */
export function fieldText(event: ReadEvent, field: string): string | undefined {
  const value = event.get(field)
  if (value === undefined || value === null || value === '') return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}
