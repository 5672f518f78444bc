import type { ReadEvent } from '../../event-source.ts'
import { valueText } from '../../field-text.ts'

/**
 * One datum of a Windows event. `none`: the event says nothing of its data, or only names of others; `missing`: it has its data in
 * order, but not so many.
 */
export type EventDatum =
  | { readonly kind: 'found'; readonly value: unknown }
  | { readonly kind: 'missing' }
  | { readonly kind: 'none' }

/**
 * Reads a datum of a Windows event, however it was imported: by its place in Plaso's list `strings`, or by the name that the event's
 * manifest gives it, as our own reader has it (docs/evidence.md).
 */
export function readEventData(event: ReadEvent, index: number, name: string): EventDatum {
  const strings = event.get('strings')
  if (Array.isArray(strings))
    return index < strings.length ? { kind: 'found', value: strings[index] } : { kind: 'missing' }
  const value = event.get(name)
  return value === undefined ? { kind: 'none' } : { kind: 'found', value }
}

/** A datum as text; undefined where there is none, or it says nothing. */
export function readEventText(event: ReadEvent, index: number, name: string): string | undefined {
  const datum = readEventData(event, index, name)
  return datum.kind === 'found' ? valueText(datum.value) : undefined
}
